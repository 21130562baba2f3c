//! Files of another user: they keep their owner, group and mode, or nothing is done at all.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
};

use super::{
    EXPORT, RENEW_SERVER,
    set::{Scenario, leftovers, waiting},
    strace::{self, calls},
    tools,
};
use crate::sandbox::Sandbox;

const OWNER: (u32, u32) = (12_345, 23_456);
/// Services read the key as its group.
const MODE: u32 = 0o640;
const SERVER: [&str; 2] = ["server.key", "server.pem"];

/// What replaces a pair.
const SCENARIOS: [&Scenario; 2] = [&RENEW_SERVER, &EXPORT];

/// A set whose server pair belongs to somebody else; `None` if only root could make one.
fn of_somebody_else(scenario: &Scenario) -> Option<Sandbox> {
    let sandbox = Sandbox::new();
    for line in scenario.before {
        sandbox.certctl(line).code(0);
    }
    for file in SERVER {
        let path = sandbox.path(file);
        if let Err(error) = chown(&path, Some(OWNER.0), Some(OWNER.1)) {
            println!("skipped: chown: {error}");
            return None;
        }
        fs::set_permissions(path, PermissionsExt::from_mode(MODE)).unwrap();
    }
    Some(sandbox)
}

fn assert_owners(sandbox: &Sandbox, row: &str) {
    for file in SERVER {
        let metadata = fs::metadata(sandbox.path(file)).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), OWNER, "{file}: {row}");
        assert_eq!(metadata.mode() & 0o7777, MODE, "{file}: {row}");
    }
}

#[test]
fn what_is_replaced_keeps_its_owner_group_and_mode() {
    for scenario in SCENARIOS {
        let Some(sandbox) = of_somebody_else(scenario) else { return };
        let before = sandbox.digest();

        sandbox.certctl(scenario.command).code(0);

        assert_owners(&sandbox, scenario.command);
        let after = sandbox.digest();
        assert!(SERVER.iter().all(|file| before[*file] != after[*file]), "{}", scenario.command);
    }
}

#[test]
fn where_the_owner_or_mode_cannot_be_given_nothing_is_changed() {
    if !tools() {
        return;
    }
    for scenario in SCENARIOS {
        let Some(sandbox) = of_somebody_else(scenario) else { return };
        let calls = calls(&sandbox, &[], scenario.command);
        let gives =
            |name: &str| calls.iter().filter(|call| call.name == name).take(2).collect::<Vec<_>>();
        let (owners, modes) = (gives("fchown"), gives("fchmod"));
        assert_eq!((owners.len(), modes.len()), (2, 2), "{calls:?}");

        for call in owners.into_iter().chain(modes) {
            for error in ["EPERM", "EDQUOT", "EROFS"] {
                let Some(sandbox) = of_somebody_else(scenario) else { return };
                // ca.srl, too: no serial is taken.
                let before = sandbox.digest();
                let fault = call.fault(&format!("error={error}"), "+");

                let ended = strace::run(&sandbox, &[&fault], scenario.command);

                assert_eq!(ended.code, Some(1), "{fault}: {}", ended.stderr);
                assert!(ended.stderr.contains("`server."), "{fault}: {}", ended.stderr);
                assert_eq!(sandbox.digest(), before, "{fault}");
                assert_eq!(leftovers(&sandbox), [""; 0], "{fault}");
                assert_owners(&sandbox, &fault);
            }
        }
    }
}

#[test]
fn a_killed_run_shows_nobody_the_key_of_somebody_else() {
    if !tools() {
        return;
    }
    for scenario in SCENARIOS {
        let Some(sandbox) = of_somebody_else(scenario) else { return };
        for call in calls(&sandbox, &[], scenario.command) {
            if !call.changes_files() {
                continue;
            }
            let Some(sandbox) = of_somebody_else(scenario) else { return };
            let fault = call.fault("signal=SIGKILL", "");
            strace::run(&sandbox, &[&fault], scenario.command);

            assert_owners(&sandbox, &fault);
            for file in waiting(&sandbox) {
                let metadata = fs::metadata(sandbox.path(&file)).unwrap();
                let given = (metadata.uid(), metadata.gid()) == OWNER;
                let mode = metadata.mode() & 0o7777;
                let is_key =
                    String::from_utf8(sandbox.read(&file)).unwrap().contains("PRIVATE KEY");
                let is_kept = mode == 0o600 || given && mode == MODE;
                assert!(!is_key || is_kept, "{file}: {mode:o}: {fault}");
            }
            sandbox.certctl(scenario.next).code(0);
            assert_owners(&sandbox, &fault);
            assert_eq!(leftovers(&sandbox), [""; 0], "{fault}");
        }
    }
}

/// The group of the copy before may read the old key, and not the new one.
#[test]
fn a_killed_export_shows_the_new_key_to_its_new_group_alone() {
    const GROUP: u32 = 54_321;
    if !tools() {
        return;
    }
    let line = format!("{} --group {GROUP}", EXPORT.command);
    let Some(sandbox) = of_somebody_else(&EXPORT) else { return };
    for call in calls(&sandbox, &[], &line) {
        if !call.changes_files() {
            continue;
        }
        let Some(sandbox) = of_somebody_else(&EXPORT) else { return };
        let fault = call.fault("signal=SIGKILL", "");
        strace::run(&sandbox, &[&fault], &line);

        let key = sandbox.read("pki/server.key");
        for file in waiting(&sandbox).into_iter().chain(SERVER.map(str::to_owned)) {
            let metadata = fs::metadata(sandbox.path(&file)).unwrap();
            let (mode, group) = (metadata.mode() & 0o7777, metadata.gid());
            let is_kept = mode == 0o600 || (mode, group) == (MODE, GROUP);
            assert!(sandbox.read(&file) != key || is_kept, "{file}: {mode:o} {group}: {fault}");
        }
        sandbox.certctl(&line).code(0);
        for file in SERVER {
            let metadata = fs::metadata(sandbox.path(file)).unwrap();
            assert_eq!((metadata.uid(), metadata.gid()), (OWNER.0, GROUP), "{file}: {fault}");
            assert_eq!(metadata.mode() & 0o7777, MODE, "{file}: {fault}");
        }
        assert_eq!(leftovers(&sandbox), [""; 0], "{fault}");
    }
}
