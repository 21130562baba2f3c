//! A CA that the enemy only points to must not sign.

use super::{Ground, SERVICE, Trial};
use crate::commons::can_switch_users;

#[test]
fn root_does_not_sign_with_a_ca_that_the_owner_of_the_directory_links() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, &str); 6] = [
        ("the CA", "ln -s ../../pki/ca.key ../../pki/ca.pem ."),
        ("the CA with its ca.srl", "ln -s ../../pki/ca.key ../../pki/ca.pem ../../pki/ca.srl ."),
        ("the key", "cp ../../pki/ca.pem . ; ln -s ../../pki/ca.key ."),
        (
            "the key, by two symlinks",
            "cp ../../pki/ca.pem . ; ln -s ../../pki/ca.key x; ln -s x ca.key",
        ),
        ("the key, by its whole path", "cp ../../pki/ca.pem . ; ln -s $PWD/../../pki/ca.key ."),
        ("a directory, in a plan", "ln -s ../../pki ca; ln -s ca/ca.key ca/ca.pem ."),
    ];
    let lines = [
        "-d app/tls issue evil evil.example --key-type ecdsa:p256",
        "-d app/tls gen",
        "-d app/tls sign app/evil.csr --usage server --accept-names",
        "-d app/tls renew ca",
    ];
    let mut trial = Trial::default();
    for (context, plant, line) in
        rows.into_iter().flat_map(|(context, plant)| lines.map(|line| (context, plant, line)))
    {
        trial.attempt(format!("{context}: {line}"), || {
            let ground = Ground::with_service();
            ground.certctl("-d app csr evil evil.example --key-type ecdsa:p256").is(&[0]);
            ground.write(
                "app/tls/certctl.toml",
                "[[certificate]]\nname = \"evil\"\nsan = [\"evil.example\"]\n",
            );
            ground.sh(&format!("cd app/tls; {plant}"));
            ground.give_all("app", SERVICE);
            let before = ground.picture("");

            ground.certctl(line).is(&[1]);

            before.assert_unchanged("signed");
        });
    }
}

#[test]
fn root_does_not_deliver_a_key_that_the_owner_of_the_directory_links() {
    if !can_switch_users() {
        return;
    }
    let mut trial = Trial::default();
    for line in [
        "-d app/tls export server --to app/out",
        "-d app/tls export server --to app/out --group 54322",
        "-d app/tls k8s secret --out-file app/out/secret.yaml",
        "-d app/tls render milvus compose --out-dir app/out",
    ] {
        trial.attempt(line, || {
            // `-d` is the service's: its "server" is a pair of ours.
            let ground = Ground::with_service();
            ground.sh("cd app/tls
                for f in server.key server.pem ca.pem; do ln -s ../../pki/$f .; done");
            ground.directory("app/out", SERVICE, 0o755);
            ground.give_all("app", SERVICE);
            let before = ground.picture("");

            ground.certctl(line).is(&[1]).says(&["symbolic link"]);

            before.assert_unchanged(line);
        });
    }
}
