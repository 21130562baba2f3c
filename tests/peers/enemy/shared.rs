//! Directories that every user may write: refused, and with `--allow-shared-dir` still not trusted.

use super::{Ground, OTHER, Plant, ROOT, Trial};
use crate::commons::can_switch_users;

const LINES: [&str; 4] = [
    "-d pki export server --to shared",
    "-d pki render milvus compose --out-dir shared",
    "-d shared csr web web.example --key-type ecdsa:p256",
    "-d shared gen --cn localhost --key-type ecdsa:p256",
];

#[test]
fn a_directory_that_others_may_write_needs_a_flag() {
    if !can_switch_users() {
        return;
    }
    let mut trial = Trial::default();
    for mode in [0o777, 0o1777, 0o757, 0o1757, 0o703] {
        for line in LINES {
            trial.attempt(format!("{mode:o}: {line}"), || {
                let ground = Ground::new();
                ground.directory("shared", ROOT, mode);
                let before = ground.picture("");
                let context = format!("mode {mode:o}: {line}");

                ground.certctl(line).is(&[1]).says(&["shared"]);
                before.assert_unchanged(&context);

                ground.certctl(&format!("--allow-shared-dir {line}")).is(&[0]);
                assert!(!ground.path("shared/.certctl").exists(), "{context}");
            });
        }
    }
}

#[test]
fn the_flag_accepts_modes_and_not_owners() {
    if !can_switch_users() {
        return;
    }
    let mut trial = Trial::default();
    for (owner, mode) in [(ROOT, 0o777), (OTHER, 0o755), (OTHER, 0o1777)] {
        for line in LINES {
            trial.attempt(format!("{owner:?} {mode:o}: {line}"), || {
                let ground = Ground::new();
                ground.directory("outer", owner, mode);
                ground.directory("outer/shared", ROOT, 0o777);
                let before = ground.picture("");
                let line = line.replace("shared", "outer/shared");

                ground.certctl(&line).is(&[1]).says(&["outer"]);
                before.assert_unchanged(&format!("{owner:?} {mode:o}: {line}"));

                let run = ground.certctl(&format!("--allow-shared-dir {line}"));
                if owner == ROOT {
                    run.is(&[0]);
                } else {
                    run.is(&[1]).says(&["outer"]);
                    before.assert_unchanged(&format!("{owner:?} {mode:o}: {line}"));
                }
            });
        }
    }
}

#[test]
fn the_flag_does_not_make_certctl_follow_what_is_planted() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant); 6] = [
        ("a record", |ground| ground.directory("shared/.certctl", OTHER, 0o700)),
        ("a record that is a symlink", |ground| {
            ground.symlink("../victim", "shared/.certctl");
            ground.give("shared/.certctl", OTHER);
        }),
        ("a target that is a symlink", |ground| {
            ground.symlink("../victim/server.pem", "shared/server.pem");
            ground.give("shared/server.pem", OTHER);
        }),
        ("a target that is a FIFO", |ground| {
            ground.fifo("shared/server.pem");
            ground.give("shared/server.pem", OTHER);
        }),
        ("a journal", |ground| {
            ground.write("shared/.certctl-journal", "certctl journal 1\nretire a precious\n");
            ground.give("shared/.certctl-journal", OTHER);
        }),
        ("a symlink to a directory", |ground| {
            ground.symlink("../victim", "shared/inner");
            ground.give("shared/inner", OTHER);
        }),
    ];
    let mut trial = Trial::default();
    for (context, plant) in rows {
        trial.attempt(context, || {
            let ground = Ground::new();
            ground.directory("shared", ROOT, 0o1777);
            ground.write("shared/precious", "of a third user\n");
            plant(&ground);
            let before = ground.picture("");
            let directory =
                if ground.path("shared/inner").exists() { "shared/inner" } else { "shared" };

            let run = ground
                .certctl(&format!("--allow-shared-dir -d pki export server --to {directory}"));

            run.is(&[1]).says(&["shared"]);
            before.assert_unchanged(context);
        });
    }
}
