//! `.certctl` itself, and what is in it, before certctl comes.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use super::{Ground, OTHER, Plant, ROOT, SERVICE, Trial};
use crate::commons::{can_switch_users, owner};

const EXPORT: &str = "-d pki export server --to app/tls --lock-timeout 2";

#[test]
fn dot_certctl_of_another_kind_or_owner_is_refused() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant, &str); 7] = [
        ("a symlink", |ground| ground.symlink("../../victim", "app/tls/.certctl"), ".certctl"),
        (
            "a symlink of root to a directory of root",
            |ground| {
                ground.directory("private", ROOT, 0o700);
                ground.symlink("../../private", "app/tls/.certctl");
            },
            ".certctl",
        ),
        (
            "a dangling symlink",
            |ground| ground.symlink("../../victim/made", "app/tls/.certctl"),
            ".certctl",
        ),
        ("a file", |ground| ground.write("app/tls/.certctl", ""), ".certctl"),
        ("a FIFO", |ground| ground.fifo("app/tls/.certctl"), ".certctl"),
        (
            "a directory of the service",
            |ground| ground.directory("app/tls/.certctl", SERVICE, 0o700),
            "54321",
        ),
        (
            "a directory of another user",
            |ground| ground.directory("app/tls/.certctl", OTHER, 0o777),
            "54341",
        ),
    ];
    let mut trial = Trial::default();
    for (context, plant, word) in rows {
        trial.attempt(context, || {
            let ground = Ground::with_service();
            plant(&ground);
            let before = ground.picture("");

            let run = ground.certctl(EXPORT);

            run.is(&[1]).says(&[".certctl"]).says(&[word]);
            before.assert_unchanged(context);
        });
    }
}

#[test]
fn dot_certctl_that_others_may_write_is_not_trusted() {
    let mut trial = Trial::default();
    for mode in [0o777, 0o1777, 0o770] {
        trial.attempt(format!("{mode:o}"), || {
            let ground = Ground::new();
            for file in ["new/server.pem", "commit-1/server.pem", "old/server.pem"] {
                ground.write(&format!("pki/.certctl/{file}"), "evil\n");
            }
            ground.write("pki/.certctl/lock", "");
            ground.mode("pki/.certctl", mode);
            let before = ground.picture("pki");

            let run = ground.certctl("-d pki renew client");

            run.is(&[0, 1]);
            let context = format!("mode {mode:o}");
            before.assert_unchanged_but(
                &["client.pem", "client.key", "ca.srl", ".certctl"],
                &context,
            );
            if run.refused() {
                run.says(&[".certctl"]);
                before.assert_unchanged_but(&[".certctl"], &context);
            }
        });
    }
}

fn hard_link(ground: &Ground, victim: &str) {
    fs::hard_link(ground.path(victim), ground.path("pki/.certctl/lock")).unwrap();
}

#[test]
fn nothing_in_dot_certctl_is_followed() {
    let rows: [(&str, Plant); 14] = [
        ("lock", |ground| ground.symlink("../../victim/shadow", "pki/.certctl/lock")),
        ("lock, dangling", |ground| ground.symlink("../../victim/made", "pki/.certctl/lock")),
        ("lock, a FIFO", |ground| ground.fifo("pki/.certctl/lock")),
        ("lock, a directory", |ground| ground.write("pki/.certctl/lock/file", "evil\n")),
        ("lock, a hard link to a secret", |ground| hard_link(ground, "victim/shadow")),
        ("lock, a hard link to a public file", |ground| hard_link(ground, "victim/server.pem")),
        ("new", |ground| ground.symlink("../../victim", "pki/.certctl/new")),
        ("old", |ground| ground.symlink("../../victim", "pki/.certctl/old")),
        ("new, a file", |ground| ground.write("pki/.certctl/new", "evil\n")),
        ("old, a FIFO", |ground| ground.fifo("pki/.certctl/old")),
        ("a commit", |ground| ground.symlink("../../victim", "pki/.certctl/commit-1")),
        ("any other name", |ground| ground.symlink("../../victim", "pki/.certctl/x")),
        ("below new", |ground| {
            ground.write("pki/.certctl/new/client.pem", "evil\n");
            ground.symlink("../../../victim", "pki/.certctl/new/archive");
            ground.symlink("../../../victim/server.key", "pki/.certctl/new/server.key");
        }),
        ("below old", |ground| {
            ground.write("pki/.certctl/old/client.pem", "evil\n");
            ground.symlink("../../../victim/server.key", "pki/.certctl/old/server.key");
            ground.symlink("../../../victim/shadow", "pki/.certctl/old/server.pem");
        }),
    ];
    let mut trial = Trial::default();
    for (context, plant) in rows {
        trial.attempt(context, || {
            let ground = Ground::new();
            fs::create_dir(ground.path("pki/.certctl")).unwrap();
            ground.mode("pki/.certctl", 0o700);
            plant(&ground);
            let victim = ground.picture("victim");
            let before = ground.picture("pki");

            let run = ground.certctl("-d pki renew server --lock-timeout 2");

            run.is(&[0, 1]);
            victim.assert_unchanged(context);
            let written = ["server.key", "server.pem", "ca.srl", ".certctl"];
            before.assert_unchanged_but(&written, context);
            if run.refused() {
                run.says(&[".certctl"]);
                before.assert_unchanged_but(&[".certctl"], context);
            } else {
                assert_eq!(owner(&ground.path("pki/server.key")).1, 0o600, "{context}");
                assert!(!ground.path("pki/.certctl").exists(), "{context}: .certctl is left");
            }
        });
    }
}

#[test]
fn the_owner_of_a_directory_cannot_redirect_dot_certctl_during_a_run() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::with_service();
    // What certctl would create or delete below a redirected `.certctl`.
    for file in ["lock", "new/server.key", "old/server.key"] {
        ground.write(&format!("victim/{file}"), "before the attack\n");
    }
    let victim = ground.picture("victim");
    let stop = Arc::new(AtomicBool::new(false));
    let enemy = {
        let stop = Arc::clone(&stop);
        let tls = ground.path("app/tls");
        thread::spawn(move || {
            let [record, planted] = [".certctl", "planted"].map(|name| tls.join(name));
            let mut round = 0_u64;
            while !stop.load(Ordering::Relaxed) {
                round += 1;
                let _ = std::os::unix::fs::symlink("../../victim", &planted);
                let _ = std::os::unix::fs::lchown(&planted, Some(SERVICE.uid), Some(SERVICE.gid));
                if fs::rename(&record, tls.join(format!("gone-{round}"))).is_ok() {
                    let _ = fs::rename(&planted, &record);
                }
                if record.is_symlink() && round.is_multiple_of(4) {
                    let _ = fs::remove_file(&record);
                }
                thread::yield_now();
            }
        })
    };

    let runs: Vec<_> = (0..40).map(|_| ground.certctl(EXPORT)).collect();

    stop.store(true, Ordering::Relaxed);
    enemy.join().unwrap();
    for run in &runs {
        run.is(&[0, 1]);
    }
    victim.assert_unchanged("`.certctl` redirected");
    for (path, entry) in ground.picture("app/tls").entries {
        let key = path.extension().is_some_and(|extension| extension == "key");
        let ours = (entry.account.uid, entry.mode & 0o777) == (0, 0o600);
        assert!(!key || ours, "{}: others may read it", path.display());
    }
}
