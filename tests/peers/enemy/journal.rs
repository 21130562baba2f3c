//! The journal of version 0.1 and its temporaries: named, never used.

use std::fs;

use super::{GEN, Ground, Plant, SERVICE, Trial};
use crate::commons::can_switch_users;

const NEW: &str = ".certctl-0123456789abcdef";
const OLD: &str = ".certctl-fedcba9876543210";

const JOURNAL: &str = "certctl journal 1
replace .certctl-0123456789abcdef server.pem
unarchive .certctl-fedcba9876543210 shadow
archive .certctl-0123456789abcdef ld.so.preload
retire a client.pem
";

/// The commands that write `app/tls`, a directory of the service; with `-d` a PKI.
const LINES: [&str; 6] = [
    "-d app/tls renew client",
    "-d app/tls issue web web.example --key-type ecdsa:p256",
    "-d app/tls csr web web.example --key-type ecdsa:p256",
    "-d app/tls gen --replace-ca --cn localhost --key-type ecdsa:p256",
    "-d pki export server --to app/tls",
    "-d pki render milvus compose --out-dir app/tls",
];

/// A journal where `line` writes, with temporaries and an `archive` that point to the victim.
fn planted(line: &str, journal: impl Fn(&Ground)) -> Ground {
    let ground = Ground::with_service();
    if line.starts_with("-d app/tls") {
        ground.certctl(&format!("-d app/tls {GEN}")).is(&[0]);
    } else {
        ground.certctl("-d pki export server --to app/tls").is(&[0]);
    }
    ground.symlink("../../victim", "app/tls/archive");
    ground.write(&format!("app/tls/{NEW}"), "evil\n");
    ground.symlink("../../victim/shadow", &format!("app/tls/{OLD}"));
    journal(&ground);
    ground.give_all("app/tls", SERVICE);
    ground
}

#[test]
fn a_journal_of_version_0_1_is_named_and_never_used() {
    if !can_switch_users() {
        return;
    }
    let mut trial = Trial::default();
    for line in LINES {
        trial.attempt(line, || {
            let ground = planted(line, |ground| ground.write("app/tls/.certctl-journal", JOURNAL));
            let before = ground.picture("");

            let run = ground.certctl(line);

            run.is(&[1]).says(&[".certctl-journal"]);
            before.assert_unchanged(line);
        });
    }
}

#[test]
fn a_journal_that_is_no_file_is_named_too() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant); 4] = [
        ("a symlink", |ground| {
            ground.write("victim/journal", JOURNAL);
            ground.symlink("../../victim/journal", "app/tls/.certctl-journal");
        }),
        ("a dangling symlink", |ground| {
            ground.symlink("../../victim/made", "app/tls/.certctl-journal");
        }),
        ("a FIFO", |ground| ground.fifo("app/tls/.certctl-journal")),
        ("a directory", |ground| ground.write("app/tls/.certctl-journal/file", JOURNAL)),
    ];
    let mut trial = Trial::default();
    for (context, journal) in rows {
        for line in ["-d app/tls renew client", "-d pki export server --to app/tls"] {
            trial.attempt(format!("{context}: {line}"), || {
                let ground = planted(line, journal);
                let before = ground.picture("");

                let run = ground.certctl(line);

                run.is(&[1]).says(&[".certctl-journal"]);
                before.assert_unchanged(&format!("{context}: {line}"));
            });
        }
    }
}

#[test]
fn old_temporaries_without_a_journal_are_not_followed() {
    if !can_switch_users() {
        return;
    }
    let mut trial = Trial::default();
    for line in LINES {
        trial.attempt(line, || {
            let ground = planted(line, |ground| {
                let hard_link = ground.path("app/tls/.certctl-00112233445566ff");
                fs::hard_link(ground.path("victim/server.pem"), hard_link).unwrap();
                ground.symlink("../../victim", "app/tls/.certctl-ff66554433221100");
            });
            // `give_all` has changed the owner of the hard link: that is not part of the attack.
            ground.give_all("victim", super::ROOT);
            let victim = ground.picture("victim");

            let run = ground.certctl(line);

            run.is(&[0, 1]);
            victim.assert_unchanged(line);
        });
    }
}
