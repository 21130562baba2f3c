//! Files: modes and owners, what stands in the way, outputs that cannot be written.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown, symlink},
    process::Stdio,
};

use crate::sandbox::{Run, Sandbox};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// certctl as a user for whom modes count; `None` where that cannot be had.
fn unprivileged(sandbox: &Sandbox, line: &str) -> Option<Run> {
    if !is_root() {
        return Some(sandbox.certctl(line));
    }
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups -- \"$CERTCTL\"";
    let probe = sandbox.sh(&format!("{nobody} version || echo none"));
    if probe.stdout().starts_with("certctl ") {
        return Some(sandbox.sh(&format!("exec {nobody} {line}")));
    }
    assert!(std::env::var("CERTCTL_PEERS").as_deref() != Ok("required"), "no setpriv");
    println!("skipped: no setpriv that can run certctl");
    None
}

#[test]
fn keys_are_0600_and_the_rest_0644_less_the_umask() {
    for (umask, public) in
        [("000", 0o644), ("022", 0o644), ("027", 0o640), ("077", 0o600), ("0777", 0)]
    {
        let sandbox = Sandbox::new();
        let script = format!("umask {umask}; exec \"$CERTCTL\" gen --key-type ecdsa:p256");
        sandbox.sh(&script).code(0);

        for file in ["ca", "server", "client"] {
            assert_eq!(sandbox.mode(&format!("{file}.key")), 0o600, "{file}.key, umask {umask}");
            assert_eq!(sandbox.mode(&format!("{file}.pem")), public, "{file}.pem, umask {umask}");
        }
        assert_eq!(sandbox.mode("ca.srl"), public, "umask {umask}");
    }
}

#[test]
fn a_replaced_file_keeps_its_mode_under_any_umask() {
    for umask in ["000", "077", "0777"] {
        let sandbox = with_ca();
        let modes = [
            ("server.key", 0o640),
            ("server.pem", 0o664),
            ("ca.srl", 0o604),
            ("client.key", 0o400),
        ];
        for (file, mode) in modes {
            sandbox.set_mode(file, mode);
        }
        sandbox.sh(&format!("umask {umask}; exec \"$CERTCTL\" renew")).code(0);

        for (file, mode) in modes {
            assert_eq!(sandbox.mode(file), mode, "{file}, umask {umask}");
        }
        assert_eq!(sandbox.mode("client.pem"), 0o644, "umask {umask}");
    }
}

#[test]
fn a_replaced_file_keeps_its_owner_and_group() {
    if !is_root() {
        println!("skipped: only root can give files away");
        return;
    }
    let sandbox = with_ca();
    let owners = [("server.key", 1234, 2345), ("server.pem", 0, 2345), ("ca.srl", 1234, 0)];
    for (file, user, group) in owners {
        chown(sandbox.path(file), Some(user), Some(group)).unwrap();
    }
    let key = sandbox.read("server.key");

    sandbox.certctl("renew").code(0);

    assert_ne!(sandbox.read("server.key"), key);
    for (file, user, group) in owners {
        let metadata = fs::metadata(sandbox.path(file)).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (user, group), "{file}");
    }
}

#[test]
fn where_the_owner_cannot_be_kept_nothing_is_taken() {
    let sandbox = with_ca();
    if is_root() {
        // The directory and the CA belong to the one who runs it, the server's key to another.
        for entry in fs::read_dir(sandbox.dir()).unwrap() {
            chown(entry.unwrap().path(), Some(65534), Some(65534)).unwrap();
        }
        chown(sandbox.dir(), Some(65534), Some(65534)).unwrap();
        chown(sandbox.path("server.key"), Some(4321), Some(65534)).unwrap();
        // A key that cannot be read is not replaced at all.
        sandbox.set_mode("server.key", 0o640);
        let before = sandbox.digest();
        if let Some(run) = unprivileged(&sandbox, "renew server") {
            run.code(1).stderr_has("owner").stderr_has("`server.key`").stderr_has("4321");
            assert_eq!(sandbox.digest(), before);
        }
    } else {
        println!("skipped: only root can give files away");
    }
}

#[test]
fn a_directory_that_cannot_be_written_costs_no_serial() {
    let home = with_ca();
    let before = home.digest();
    // No process can make a file there, whoever runs it.
    let ca = home.path("ca.pem").display().to_string();
    let command = format!("-d /proc issue redis --key-type ecdsa:p256 --ca {ca}");
    home.certctl(&command).code(1).stderr_has("/proc/.certctl").stderr_has("hint: ");
    assert_eq!(home.digest(), before);

    if is_root() {
        for entry in fs::read_dir(home.dir()).unwrap() {
            chown(entry.unwrap().path(), Some(65534), Some(65534)).unwrap();
        }
    }
    let mode = fs::metadata(home.dir()).unwrap().mode();
    for line in ["renew", "issue redis --key-type ecdsa:p256", "renew ca"] {
        fs::set_permissions(home.dir(), std::os::unix::fs::PermissionsExt::from_mode(0o555))
            .unwrap();
        let run = unprivileged(&home, line);
        fs::set_permissions(home.dir(), std::os::unix::fs::PermissionsExt::from_mode(mode))
            .unwrap();
        if let Some(run) = run {
            run.code(1).stderr_has("Permission denied").stderr_has("hint: ");
            assert_eq!(home.digest(), before, "{line}");
        }
    }
}

#[test]
fn what_is_planted_in_the_work_folder_harms_nobody() {
    let sandbox = with_ca();
    sandbox.write("victim", "precious");
    for plant in [
        "mkdir .certctl; ln -s ../victim .certctl/lock",
        "mkdir .certctl; mkfifo .certctl/lock",
        "mkdir -p .certctl/lock/deep; ln -s ../../../victim .certctl/lock/deep/link",
        "mkdir .certctl; ln -s ../victim .certctl/new0; ln -s ../victim .certctl/old0",
        "mkdir -p .certctl/commit-1/archive; ln -s ../../../victim .certctl/commit-1/server.key",
        "mkdir -p .certctl/restore-1-1; echo x > .certctl/restore-1-1/ca.key.remove",
        "mkdir .certctl; ln victim .certctl/lock",
    ] {
        for mode in ["700", "755", "777"] {
            sandbox.sh(&format!("umask 022; {plant}; chmod {mode} .certctl")).code(0);

            sandbox.certctl("renew").code(0);

            assert_eq!(sandbox.text("victim"), "precious", "{plant}");
            assert_eq!(sandbox.files().len(), 8, "{plant}: {:?}", sandbox.files());
        }
    }
    for (plant, word) in [
        ("ln -s elsewhere .certctl", "symbolic link"),
        ("touch .certctl", "not a directory"),
        ("mkfifo .certctl", "not a directory"),
    ] {
        sandbox.sh(plant).code(0);
        let before = sandbox.digest();

        sandbox.certctl("renew").code(1).stderr_has(word).stderr_has(".certctl");

        assert_eq!(sandbox.digest(), before, "{plant}");
        sandbox.remove(".certctl");
    }
    // Temporaries of certctl 0.1 are nobody's business.
    symlink("victim", sandbox.path(".certctl-0123456789abcdef")).unwrap();
    sandbox.certctl("renew").code(0);
    assert!(sandbox.path(".certctl-0123456789abcdef").is_symlink());
}

#[test]
fn a_target_that_is_a_link_is_refused_and_its_end_untouched() {
    for file in ["server.key", "server.pem", "ca.srl"] {
        for end in ["victim", "/dev/null"] {
            let sandbox = with_ca();
            sandbox.write("victim", sandbox.read(file));
            sandbox.remove(file);
            symlink(end, sandbox.path(file)).unwrap();
            let before = sandbox.digest();

            let run = sandbox.certctl("renew server");
            run.code(1).stderr_has(&format!("`{file}`"));
            assert_eq!(sandbox.digest(), before, "{file} to {end}");
        }
    }
    let sandbox = with_ca();
    symlink("nowhere", sandbox.path("redis.pem")).unwrap();
    sandbox.certctl("issue redis").code(1).stderr_has("`redis.pem` already exists");
}

#[test]
fn the_directory_itself_may_be_a_link_and_stays_the_same() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("real")).unwrap();
    symlink("real", sandbox.path("link")).unwrap();
    let inode = fs::metadata(sandbox.path("real")).unwrap().ino();

    sandbox.certctl("-d link gen --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d link renew").code(0);
    sandbox.certctl("-d link gen --replace-ca --key-type ecdsa:p256").code(0);

    assert_eq!(fs::metadata(sandbox.path("real")).unwrap().ino(), inode);
    assert!(sandbox.path("real/server.pem").exists());
}

#[test]
fn a_full_disk_on_standard_output_is_exit_1() {
    let sandbox = with_ca();
    for line in ["version", "renew", "-o json renew", "man", "completions bash", "--help"] {
        let run = sandbox.sh(&format!("exec \"$CERTCTL\" {line} > /dev/full"));
        if line == "--help" {
            continue;
        }
        run.code(1).stderr_has("standard output cannot be written").stderr_lacks("panicked");
    }
    sandbox.sh("exec \"$CERTCTL\" version 2> /dev/full").code(0);
    sandbox.sh("exec \"$CERTCTL\" renew missing 2> /dev/full").code(1);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = with_ca();
    for line in ["completions bash", "man renew", "renew --dry-run", "-o json renew --dry-run"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.command();
        let child = command.args(line.split(' ')).stdout(writer).stderr(Stdio::piped()).spawn();
        let output = child.unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}: {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{line}: {stderr}");
    }
}

#[test]
fn a_disk_that_takes_no_more_leaves_the_old_pair_whole() {
    for blocks in [0, 1] {
        let sandbox = with_ca();
        let before = sandbox.digest();
        for line in [
            "renew",
            "renew ca",
            "issue redis --key-type ecdsa:p256",
            "gen --replace-ca --key-type ecdsa:p256",
        ] {
            // A file may have so many blocks of 512 bytes; writing more fails.
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$CERTCTL\" {line}");
            sandbox.sh(&script).code(1).stderr_has("cannot write `").stderr_lacks("panicked");
            let mut after = sandbox.digest();
            // Where it was still possible, a serial was taken: a gap.
            after.insert("ca.srl".into(), before["ca.srl"].clone());
            assert_eq!(after, before, "{line} with {blocks} blocks");
        }
        sandbox.certctl("renew").code(0);
    }
}

#[test]
fn too_few_file_descriptors_are_an_error_and_no_damage() {
    let sandbox = with_ca();
    let mut done = 0;
    for descriptors in 3..24 {
        let before = sandbox.digest();
        let run = sandbox
            .sh(&format!("ulimit -n {descriptors}; \"$CERTCTL\" renew && echo 0 || echo $?"));
        run.code(0).stderr_lacks("panicked");
        let after = sandbox.digest();
        let changed = after.iter().filter(|(file, content)| {
            file.as_str() != "ca.srl" && before.get(*file) != Some(content)
        });
        let (code, changed) = (run.stdout().lines().last().unwrap().to_owned(), changed.count());
        assert!(
            // Three descriptors are not enough for the loader, which ends with 127.
            matches!((&*code, changed), ("0", 4) | ("1" | "127", 0)),
            "{descriptors} descriptors: exit {code}, {changed} files changed: {}",
            run.stderr()
        );
        assert_eq!(after.len(), before.len(), "{descriptors}: {:?}", after.keys());
        done += usize::from(code == "0");
    }
    assert!(done > 0, "with enough of them it works");
}
