//! Prints every violation of a chain: `violations CHAIN.pem ANCHORS.pem`.
//!
//! The first certificate of `CHAIN.pem` is validated; the others may be part of its path.

use std::{env, error::Error, fs};

use certctl_pki::{
    verify::path::{PathQuery, validate},
    x509::certificate::Certificate,
};
use time::OffsetDateTime;

fn main() -> Result<(), Box<dyn Error>> {
    let [_, chain, anchors] = &env::args().collect::<Vec<_>>()[..] else {
        return Err("usage: violations CHAIN.pem ANCHORS.pem".into());
    };
    let chain = Certificate::all_from_pem(&fs::read(chain)?)?;
    let anchors = Certificate::all_from_pem(&fs::read(anchors)?)?;
    let (leaf, untrusted) = chain.split_first().ok_or("no certificate")?;

    let now = OffsetDateTime::now_utc();
    let query = PathQuery { untrusted, ..PathQuery::new(leaf, &anchors, now) };
    let result = validate(&query);
    for violation in &result.violations {
        println!("`{}` {violation}", query.certificate(violation.link).subject());
    }
    if result.is_valid() { Ok(()) } else { Err("the chain is not valid".into()) }
}
