//! Files and directories that cannot be replaced: refused before anything changes.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{GEN, Ground, ROOT, Trial};
use crate::{
    commons::can_switch_users,
    peer::{have, skip},
};

const EXPORT: &str = "-d pki export server --to app/tls";
const RENDER: &str = "-d pki render milvus compose --out-dir app/tls";
const REPLACE: &str = "-d app gen --replace-ca --cn localhost --key-type ecdsa:p256";
const RESULT: &str = "-d pki k8s secret --out-file app/tls/result.yaml";

/// `app/` is a PKI, `app/tls/` has copies of `pki/` that are out of date.
fn prepared() -> Ground {
    let ground = Ground::with_service();
    ground.certctl(&format!("-d app {GEN}")).is(&[0]);
    ground.certctl(EXPORT).is(&[0]);
    ground.certctl(RENDER).is(&[0]);
    ground.certctl("-d pki renew ca server client").is(&[0]);
    ground.directory("app/archive", ROOT, 0o700);
    ground.write("app/tls/result.yaml", "old\n");
    ground
}

/// Sets an attribute of a file until dropped.
struct Attribute {
    letter: char,
    file: PathBuf,
}

impl Attribute {
    fn set(letter: char, file: PathBuf) -> Option<Self> {
        let attribute = Self { letter, file };
        let set = attribute.change('+');
        (set || skip("chattr that may change")).then_some(attribute)
    }

    fn change(&self, sign: char) -> bool {
        let mut chattr = Command::new("chattr");
        chattr.arg(format!("{sign}{}", self.letter)).arg(&self.file).stderr(Stdio::null());
        chattr.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Attribute {
    fn drop(&mut self) {
        self.change('-');
    }
}

#[test]
fn what_is_immutable_or_append_only_is_refused_before_anything_changes() {
    if !can_switch_users() || !have(&["chattr"]) {
        return;
    }
    let rows = [
        (EXPORT, "app/tls/server.pem"),
        (EXPORT, "app/tls/server.key"),
        (EXPORT, "app/tls/ca.pem"),
        (EXPORT, "app/tls"),
        (RENDER, "app/tls/tls/server.pem"),
        (RENDER, "app/tls/tls"),
        ("-d app renew client", "app/client.pem"),
        ("-d app renew server", "app/server.key"),
        ("-d app renew", "app/ca.srl"),
        ("-d app renew ca", "app/ca.pem"),
        ("-d app renew", "app"),
        (REPLACE, "app/ca.key"),
        (REPLACE, "app/archive"),
        (RESULT, "app/tls/result.yaml"),
    ];
    let mut trial = Trial::default();
    for (line, file) in rows {
        for letter in ['i', 'a'] {
            trial.attempt(format!("{file} +{letter}: {line}"), || {
                let ground = prepared();
                let Some(attribute) = Attribute::set(letter, ground.path(file)) else { return };
                let before = ground.picture("");

                let run = ground.certctl(line);

                drop(attribute);
                run.is(&[1]).says(&["immutable", "append"]).says(&[name(file)]);
                before.assert_unchanged("refused");
            });
        }
    }
}

#[test]
fn a_mount_point_is_refused_before_anything_changes() {
    let unshares = || Command::new("unshare").args(["-m", "true"]).status();
    if !can_switch_users()
        || !have(&["unshare", "mount"])
        || !(unshares().is_ok_and(|status| status.success()) || skip("unshare that may mount"))
    {
        return;
    }
    let rows = [
        (EXPORT, "app/tls/server.pem", "app/tls/server.pem"),
        (EXPORT, "app/tls/server.key", "app/tls/server.key"),
        (RENDER, "app/tls/tls/server.key", "app/tls/tls/server.key"),
        ("-d app renew client", "app/ca.srl", "app/ca.srl"),
        ("-d app renew client", "app/client.pem", "app/client.pem"),
        (RESULT, "victim/out.yaml", "app/tls/result.yaml"),
        (REPLACE, "victim", "app/archive"),
    ];
    let mut trial = Trial::default();
    for (line, source, target) in rows {
        trial.attempt(format!("{source} on {target}: {line}"), || {
            let ground = prepared();
            let before = ground.picture("");
            let program = env!("CARGO_BIN_EXE_certctl");

            let run = ground.certctl_below(
                &format!(
                    "exec unshare -m sh -euc '
                    mount --bind {source} {target}
                    exec timeout -k 5 30 {program} {line}'"
                ),
                line,
            );

            run.is(&[1]).says(&[name(target)]);
            before.assert_unchanged("refused");
        });
    }
}

/// The name after the last slash.
fn name(file: &str) -> &str {
    file.rsplit('/').next().unwrap()
}
