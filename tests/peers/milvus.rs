//! A real Milvus in tlsMode 2, over gRPC and REST: milvus.sh has the checks.

use std::process::Command;

use crate::peer::{each_kind, fixture};

#[test]
fn milvus_lets_the_client_pair_in_and_nobody_else() {
    each_kind(|set| {
        // Its own limit, for it has to end what it started; a busy machine needs most of a minute.
        let mut script = Command::new("timeout");
        script.args(["--kill-after=20", "280", &fixture("milvus.sh")]).arg(set.dir());
        let output = script.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let judged = said.lines().filter(|line| line.starts_with("ok ")).count();
        assert!(judged >= 11 || said.starts_with("skipped: no "), "{said}");
        print!("{said}");
    });
}
