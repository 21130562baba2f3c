//! The path of a directory: who may have placed each component and each symlink of it.

use super::{GEN, Ground, OTHER, Plant, ROOT, SERVICE, Trial};
use crate::commons::can_switch_users;

/// Commands that write a directory; `{}` is its path.
const LINES: [&str; 5] = [
    "-d pki export server --to {}",
    "-d pki render milvus compose --out-dir {}",
    "-d pki k8s secret --out-file {}/out.yaml",
    "-d {} csr web web.example --key-type ecdsa:p256",
    "-d {} gen --cn localhost --key-type ecdsa:p256",
];

fn line(form: &str, path: &str) -> String {
    form.replace("{}", path)
}

#[test]
fn a_component_that_a_third_user_placed_is_refused() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant, &str); 10] = [
        (
            "a directory of another user above one of the service",
            |ground| ground.give("app", OTHER),
            "app/tls",
        ),
        (
            "a directory of the service above one of root",
            |ground| ground.give("app/tls", ROOT),
            "app/tls",
        ),
        ("a directory that others may write", |ground| ground.mode("app", 0o757), "app/tls"),
        (
            "a directory of root that others may write",
            |ground| ground.directory("app", ROOT, 0o777),
            "app/tls",
        ),
        (
            "a sticky directory of another user",
            |ground| ground.directory("app", OTHER, 0o1777),
            "app/tls",
        ),
        (
            "a symlink of another user",
            |ground| {
                ground.symlink("app/tls", "link");
                ground.give("link", OTHER);
            },
            "link",
        ),
        (
            "a symlink of the service to a directory of root",
            |ground| {
                ground.symlink("../victim", "app/link");
                ground.give("app/link", SERVICE);
            },
            "app/link",
        ),
        (
            "the same with slashes",
            |ground| {
                ground.symlink("../victim", "app/link");
                ground.give("app/link", SERVICE);
            },
            "./app//link/./",
        ),
        (
            "a way through and back",
            |ground| {
                ground.symlink("../../victim/sub", "app/tls/link");
                ground.give("app/tls/link", OTHER);
            },
            "app/tls/link/../../app/tls",
        ),
        (
            "a symlink of root that names one of another user",
            |ground| {
                ground.symlink("app/second", "first");
                ground.symlink("tls", "app/second");
                ground.give("app/second", OTHER);
            },
            "first",
        ),
    ];
    let mut trial = Trial::default();
    for (context, plant, path) in rows {
        for form in LINES {
            let line = line(form, path);
            trial.attempt(format!("{context}: {line}"), || {
                let ground = Ground::with_service();
                plant(&ground);
                let before = ground.picture("");

                ground.certctl(&line).is(&[1]).says(&["app", "link", "first"]);

                before.assert_unchanged("refused");
            });
        }
    }
}

#[test]
fn a_component_of_root_or_of_the_owner_is_accepted() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant, &str); 6] = [
        ("directories of the service", |_| (), "app/tls"),
        ("a sticky directory of root", |ground| ground.directory("app", ROOT, 0o1777), "app/tls"),
        ("a directory of root", |ground| ground.give("app", ROOT), "app/tls"),
        ("a symlink of root", |ground| ground.symlink("app/tls", "link"), "link"),
        (
            "a symlink of the service",
            |ground| {
                ground.symlink("tls", "app/link");
                ground.give("app/link", SERVICE);
            },
            "app/link",
        ),
        ("a group that may write", |ground| ground.mode("app/tls", 0o2775), "app/tls"),
    ];
    let mut trial = Trial::default();
    for (context, plant, path) in rows {
        for form in LINES {
            let line = line(form, path);
            trial.attempt(format!("{context}: {line}"), || {
                let ground = Ground::with_service();
                plant(&ground);
                let victim = ground.picture("victim");

                ground.certctl(&line).is(&[0]);

                victim.assert_unchanged("accepted");
                assert!(!ground.path(path).join(".certctl").exists(), ".certctl is left");
            });
        }
    }
}

#[test]
fn the_directory_of_ca_srl_has_the_same_rules() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant, &str); 4] = [
        ("others may write", |ground| ground.mode("ca", 0o777), "ca"),
        ("sticky", |ground| ground.mode("ca", 0o1777), "ca"),
        (
            "below a directory of another user",
            |ground| {
                ground.directory("inner", OTHER, 0o755);
                ground.sh("mv ca inner/");
            },
            "inner/ca",
        ),
        (
            "by a symlink of another user",
            |ground| {
                ground.symlink("ca", "link");
                ground.give("link", OTHER);
            },
            "link",
        ),
    ];
    let mut trial = Trial::default();
    for (context, plant, path) in rows {
        trial.attempt(context, || {
            let ground = Ground::with_service();
            ground.certctl(&format!("-d ca {GEN}")).is(&[0]);
            plant(&ground);
            let before = ground.picture("");

            let run = ground.certctl(&format!(
                "-d pki --ca {path}/ca.pem issue web web.example --key-type ecdsa:p256"
            ));

            run.is(&[1]).says(&["inner", "link", "`ca", "/ca"]);
            before.assert_unchanged(context);
        });
    }
}

#[test]
fn a_loop_of_symlinks_ends() {
    let ground = Ground::new();
    ground.symlink("second", "first");
    ground.symlink("first", "second");
    ground.symlink(".", "here");
    let long = format!("{}first", "here/".repeat(100));
    let before = ground.picture("");
    let mut trial = Trial::default();
    for path in ["first", "first/tls", "pki/../second/tls", &long] {
        for form in LINES {
            let line = line(form, path);
            trial.attempt(&line, || {
                ground.certctl(&line).is(&[1]);
                before.assert_unchanged("a loop");
            });
        }
    }
}
