//! What a terminal shows while a fleet is issued.

use std::fmt::Write as _;

use crate::{
    peer::{fixture, have},
    sandbox::Sandbox,
};

/// So many entries that the work outlasts the patience of a progress bar on a fast machine too.
const ENTRIES: usize = 60;

#[test]
fn a_terminal_shows_how_many_of_how_many_the_rate_and_the_time_left() {
    if !have(&["python3"]) {
        return;
    }
    let sandbox = Sandbox::new();
    let mut plan = "[defaults]\nkey-type = \"rsa:2048\"\n".to_owned();
    for number in 0..ENTRIES {
        write!(plan, "\n[[certificate]]\nname = \"n{number}\"\nsan = [\"n{number}.example\"]\n")
            .unwrap();
    }
    sandbox.write("certctl.toml", &plan);
    let certctl = env!("CARGO_BIN_EXE_certctl");
    let terminal = fixture("terminal.py");
    // A key and a certificate of each entry, and the CA.
    let total = 2 * ENTRIES + 1;

    let seen = sandbox.run("python3", &[&terminal, certctl, "gen"]);

    let screen = seen.code(0).stdout();
    let shown: Vec<(usize, &str)> = screen
        .split('\r')
        .filter_map(|line| {
            let (before, after) =
                line.split_once(&format!(" of {total} keys and certificates, "))?;
            Some((before.rsplit(' ').next()?.parse().ok()?, after))
        })
        .collect();
    assert!(shown.len() > 1, "{screen}");
    assert!(shown.is_sorted_by_key(|(done, _)| done), "{shown:?}");
    for (done, rest) in shown {
        assert!(done <= total, "{done}");
        let (rate, left) = rest.split_once("/s, ").unwrap_or_else(|| panic!("{rest}"));
        rate.parse::<f64>().unwrap();
        assert!(left.contains("s left"), "{left}");
    }
    // Where nobody looks, nothing is shown.
    sandbox.certctl("renew").code(0).stderr_lacks(" of ");
}
