//! `render renewal`: what systemd and cron make of it.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    commons::{Account, Commons, can_switch_users},
    peer::{have, skip},
    sandbox::{Run, Sandbox},
};

/// Names of directories that break out where they are not quoted.
const HOSTILE: [&str; 5] =
    ["plain", "two words", "100% $HOME %h ${x}", "it's \"q\" #;", "back\\slash\\%\\\\"];
const SYSTEMD: &str = "/lib/systemd/systemd";
/// Starts cron with the file `crontab`, and ends it when its job has run.
const SCRIPT: &str = "set -e
    mount -t tmpfs tmpfs /var/spool/cron
    mount -t tmpfs tmpfs /run
    mount -t tmpfs tmpfs /etc/cron.d
    mkdir -p -m 1730 /var/spool/cron/crontabs
    cp crontab /var/spool/cron/crontabs/root
    chmod 600 /var/spool/cron/crontabs/root
    cron -f -L 15 & cron=$!
    for i in $(seq 100); do [ ! -e ran ] || break; sleep 0.1; done
    sleep 0.2
    kill $cron";
const NOBODY: Account = Account { uid: 65_534, gid: 65_534 };

/// A PKI that is due, in a directory of that name.
fn pki(sandbox: &Sandbox, name: &str) {
    sandbox.certctl_args(&["-d", name, "gen", "--key-type", "ecdsa:p256", "--days", "20"]).code(0);
}

/// What the service or the crontab runs: renews, and shows that its hook ran.
fn rendered(sandbox: &Sandbox, name: &str, form: &str, out_dir: &Path) -> String {
    let hook = format!("sh -c 'printf %%s \"$CERTCTL_RENEWED\" > \"{}\"'", ran(sandbox));
    let out_dir = out_dir.display().to_string();
    let words = ["-d", name, "render", "renewal", form, "--expires-within", "30d", "--exec", &hook];
    sandbox.certctl_args(&[&words[..], &["--out-dir", &out_dir]].concat()).code(0);
    hook
}

fn ran(sandbox: &Sandbox) -> String {
    sandbox.path("ran").display().to_string()
}

fn assert_renewed(sandbox: &Sandbox, name: &str, old: &[u8]) {
    assert_ne!(sandbox.read(&format!("{name}/server.pem")), old, "{name}");
    assert_eq!(sandbox.text("ran"), "%s", "{name}: the hook");
}

#[test]
fn systemd_finds_no_fault_in_the_units() {
    if !have(&["systemd-analyze"]) {
        return;
    }
    for name in HOSTILE {
        let sandbox = Sandbox::new();
        pki(&sandbox, name);
        let units = Commons::new();
        let dir = units.path("units");
        rendered(&sandbox, name, "systemd", &dir);

        let mut analyze = Command::new("systemd-analyze");
        analyze.arg("verify").arg(dir.join("certctl-renew.timer"));
        analyze.arg(dir.join("certctl-renew.service"));
        let run = Run::of(analyze.stdin(Stdio::null()));

        let said: Vec<String> = run.stderr().lines().map(str::to_owned).collect();
        let ours: Vec<&String> = said.iter().filter(|line| line.contains("certctl")).collect();
        assert!(ours.is_empty(), "{name}: {ours:?}");
        run.code(0);
    }
}

/// systemd shows the units as it has read them in its test mode, which is not for root.
#[test]
fn systemd_reads_the_values_as_they_are_meant() {
    if !can_switch_users() || !(Path::new(SYSTEMD).exists() || skip("systemd")) {
        return;
    }
    for name in HOSTILE {
        let sandbox = Sandbox::new();
        pki(&sandbox, name);
        let old = sandbox.read(&format!("{name}/server.pem"));
        let commons = Commons::new();
        let units = commons.path("units");
        let hook = rendered(&sandbox, name, "systemd", &units);

        let mut systemd = commons.command(NOBODY, Path::new(SYSTEMD));
        systemd.args(["--test", "--system", "--unit=certctl-renew.service"]);
        let path = format!("{}:/lib/systemd/system", units.display());
        let run = Run::of(systemd.env("SYSTEMD_UNIT_PATH", path).stdin(Stdio::null()));
        let shown = run.code(0).stdout() + &run.stderr();
        let unit = shown.split("-> Unit certctl-renew.service:").nth(1).unwrap();
        let unit = unit.split("-> Unit ").next().unwrap();
        let value = |field: &str| {
            let line = unit.lines().find_map(|line| line.trim_start().strip_prefix(field));
            line.unwrap_or_else(|| panic!("no {field} in {unit}")).trim_start().to_owned()
        };

        let dir = sandbox.path(name).display().to_string();
        assert_eq!(value("ReadWritePaths:"), dir);
        assert_eq!(value("ProtectSystem:"), "strict");
        assert_eq!(value("UMask:"), "0077");
        // It is shown with the quotes of a shell, before `$$` becomes `$`.
        let line = value("Command Line:");
        let words = sandbox.sh(&format!("printf '%s\\n' {line}")).code(0).stdout();
        let words: Vec<String> = words.lines().map(|word| word.replace("$$", "$")).collect();
        let certctl = env!("CARGO_BIN_EXE_certctl");
        let expected = ["-d", &dir, "renew", "--expires-within", "30d", "--exec", &hook];
        assert_eq!(words, [&[certctl], &expected[..]].concat(), "{line}");

        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir("/").env_clear().env("PATH", "/usr/bin:/bin");
        Run::of(&mut command).code(0);
        assert_renewed(&sandbox, name, &old);
    }
}

/// cron itself, in a mount namespace of its own, with the line as a job that it runs when it starts.
#[test]
fn cron_renews_by_the_line() {
    if !have(&["cron", "unshare", "timeout"]) || !can_switch_users() {
        return;
    }
    let isolates = Command::new("unshare").args(["-m", "true"]).stderr(Stdio::null()).status();
    if !(isolates.is_ok_and(|status| status.success()) || skip("mount namespaces")) {
        return;
    }
    for name in HOSTILE {
        let sandbox = Sandbox::new();
        pki(&sandbox, name);
        let old = sandbox.read(&format!("{name}/server.pem"));
        rendered(&sandbox, name, "cron", &sandbox.path("line"));
        let text = sandbox.text("line/certctl-renew.crontab");
        let line = text.lines().find(|line| !line.starts_with('#')).unwrap();
        let (_, command) = line.split_once("  ").unwrap();
        sandbox.write("crontab", format!("@reboot {command}\n"));

        sandbox.run("unshare", &["-m", "sh", "-c", SCRIPT]).code(0);

        assert!(fs::exists(sandbox.path("ran")).unwrap(), "{name}: cron did not run {command}");
        assert_renewed(&sandbox, name, &old);
        assert!(!fs::exists(sandbox.path(&format!("{name}/hook-pending"))).unwrap(), "{name}");
    }
}
