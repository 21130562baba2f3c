//! Targets that are not plain files, or that cannot be replaced: refused before anything changes.

use std::{fs, os::unix::fs::MetadataExt};

use super::{Ground, Plant, SERVICE, Trial};
use crate::commons::can_switch_users;

const EXPORT: &str = "-d pki export server --to app/tls";
const RENDER: &str = "-d pki render milvus compose --out-dir app/tls";
const REPLACE: &str = "-d app/tls gen --replace-ca --cn localhost --key-type ecdsa:p256";

/// Places something where certctl writes; `false` where the machine has no such thing.
type Planted = fn(&Ground, &str) -> bool;

/// What the enemy may place there.
const KINDS: [(&str, Planted); 8] = [
    ("a symlink to an earlier copy", |ground, file| {
        ground.symlink(&ground.path("victim").join(name(file)).display().to_string(), file);
        true
    }),
    ("a symlink", |ground, file| {
        ground.symlink(&ground.path("victim/shadow").display().to_string(), file);
        true
    }),
    ("a dangling symlink", |ground, file| {
        ground.symlink(&ground.path("victim/made").display().to_string(), file);
        true
    }),
    ("a symlink to a directory", |ground, file| {
        ground.symlink(&ground.path("victim").display().to_string(), file);
        true
    }),
    ("a symlink to itself", |ground, file| {
        ground.symlink(file.rsplit('/').next().unwrap(), file);
        true
    }),
    ("a FIFO", |ground, file| {
        ground.fifo(file);
        true
    }),
    ("a device", |ground, file| ground.device(file)),
    ("a directory", |ground, file| {
        ground.write(&format!("{file}/keep"), "of the service\n");
        true
    }),
];

/// The name after the last slash.
fn name(file: &str) -> &str {
    file.rsplit('/').next().unwrap()
}

/// Plants each kind at `file` in place of what is there, and asserts that `line` refuses it.
fn assert_refused(line: &str, prepare: impl Fn(&Ground), file: &str, kinds: &[(&str, Planted)]) {
    let mut trial = Trial::default();
    for (kind, plant) in kinds {
        trial.attempt(format!("{kind} at {file}: {line}"), || {
            let ground = Ground::with_service();
            prepare(&ground);
            ground.sh(&format!("rm -rf {file}"));
            if !plant(&ground, file) {
                return;
            }
            ground.give(file, SERVICE);
            let before = ground.picture("");

            ground.certctl(line).is(&[1]).says(&[name(file)]);

            before.assert_unchanged(kind);
        });
    }
}

/// `app/tls` is a PKI of the service.
fn own_pki(ground: &Ground) {
    ground.certctl("-d app/tls gen --cn localhost --key-type ecdsa:p256").is(&[0]);
    ground.give_all("app", SERVICE);
}

#[test]
fn export_refuses_a_target_that_is_no_plain_file() {
    if !can_switch_users() {
        return;
    }
    for file in ["server.key", "server.pem", "ca.pem"] {
        assert_refused(EXPORT, |_| (), &format!("app/tls/{file}"), &KINDS);
    }
}

#[test]
fn renew_refuses_a_target_that_is_no_plain_file() {
    if !can_switch_users() {
        return;
    }
    // Without its key or certificate an identity is none; a symlink to the true file keeps it one.
    let kinds: [(&str, Planted); 1] = [("a symlink to the true file", |ground, file| {
        let moved = ground.path("app").join(name(file));
        fs::copy(ground.path("pki").join(name(file)), &moved).unwrap();
        ground.symlink(&format!("../{}", name(file)), file);
        true
    })];
    let copied = |ground: &Ground| {
        ground.sh("cp -p pki/* app/tls/");
        ground.give_all("app", SERVICE);
    };
    for file in ["server.key", "server.pem", "ca.srl"] {
        assert_refused("-d app/tls renew server", copied, &format!("app/tls/{file}"), &kinds);
    }
    assert_refused("-d app/tls renew ca", copied, "app/tls/ca.pem", &kinds);
    assert_refused("-d app/tls renew server", own_pki, "app/tls/ca.srl", &KINDS);
}

#[test]
fn render_refuses_a_target_that_is_no_plain_file() {
    if !can_switch_users() {
        return;
    }
    let folder = |ground: &Ground| ground.directory("app/tls/tls", SERVICE, 0o755);
    for file in ["milvus.yaml", "docker-compose.override.yml"] {
        assert_refused(RENDER, |_| (), &format!("app/tls/{file}"), &KINDS);
    }
    for file in ["tls/server.key", "tls/ca.pem"] {
        assert_refused(RENDER, folder, &format!("app/tls/{file}"), &KINDS);
    }
}

#[test]
fn a_folder_that_is_no_directory_is_refused() {
    if !can_switch_users() {
        return;
    }
    let kinds = &KINDS[..7];
    assert_refused(RENDER, |_| (), "app/tls/tls", kinds);
    let qdrant = "-d pki render qdrant compose --out-dir app/tls";
    assert_refused(qdrant, |_| (), "app/tls/config", kinds);
    assert_refused(REPLACE, own_pki, "app/tls/archive", kinds);
}

#[test]
fn a_hard_link_to_a_file_of_ours_leaves_that_file_alone() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, &str, Plant); 7] = [
        (EXPORT, "server.key", |_| ()),
        (EXPORT, "server.pem", |_| ()),
        ("-d app/tls renew server", "server.key", own_pki),
        ("-d app/tls renew server", "server.pem", own_pki),
        ("-d app/tls renew client", "ca.srl", own_pki),
        ("-d app/tls renew ca", "ca.pem", own_pki),
        (REPLACE, "ca.pem", own_pki),
    ];
    let mut trial = Trial::default();
    for (line, file, prepare) in rows {
        for mode in [0o600, 0o644] {
            trial.attempt(format!("mode {mode:o} at {file}: {line}"), || {
                let ground = Ground::with_service();
                prepare(&ground);
                let target = format!("app/tls/{file}");
                // A file of ours that is valid there: certctl reads it first.
                let content = if line == EXPORT {
                    ground.read(&format!("victim/{file}"))
                } else {
                    ground.read(&target)
                };
                ground.write("victim/linked", content);
                ground.mode("victim/linked", mode);
                let [linked, target] = ["victim/linked", &target].map(|file| ground.path(file));
                let _ = fs::remove_file(&target);
                fs::hard_link(&linked, &target).unwrap();
                let before = ground.picture("victim");

                let run = ground.certctl(line);

                run.is(&[0, 1]);
                before.assert_unchanged("linked");
                if !run.refused() {
                    let [now, replaced] =
                        [&linked, &target].map(|file| fs::metadata(file).unwrap());
                    assert_ne!(now.ino(), replaced.ino(), "written in place");
                    // The archive keeps what was there.
                    assert!(line == REPLACE || now.nlink() == 1, "a link is left");
                }
            });
        }
    }
}
