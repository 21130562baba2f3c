//! What a terminal shows: the progress of a fleet, and tables that fit.

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

#[test]
fn the_table_of_status_fits_the_terminal() {
    if !have(&["python3", "stty"]) {
        return;
    }
    let hosts: Vec<String> = (0..20).map(|number| format!("host-{number}.example")).collect();
    let sandbox = Sandbox::with_gen(&format!("--key-type ed25519 {}", hosts.join(" ")));
    let certctl = env!("CARGO_BIN_EXE_certctl");
    for columns in [60, 100, 200] {
        let script = format!("stty cols {columns}; {certctl} --color never status");
        let seen = sandbox.run("python3", &[&fixture("terminal.py"), "sh", "-c", &script]);

        let screen = seen.code(0).stdout();
        let longest = screen.lines().map(|line| line.trim_end().chars().count()).max().unwrap();
        assert!(longest <= columns && longest > columns - 20, "{columns}: {longest}\n{screen}");
    }
}
