//! `render renewal`: what it prints starts a renewal, whatever the directory is called; and nothing that
//! certctl prints for cron has a `%`.

use std::fs;

use crate::sandbox::{Run, Sandbox};

/// Names that break out where a value is not quoted.
pub const HOSTILE: [&str; 6] =
    ["plain", "two words", "100% $HOME %h", "it's \"q\"", "back\\slash\\%", "`id`; #*~&"];

/// What cron gives to `sh -c`: `\%` is `%`, and at another `%` the command ends.
pub fn as_cron_does(command: &str) -> String {
    let mut given = String::new();
    let mut characters = command.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '%' => break,
            '\\' if characters.peek() == Some(&'%') => given.extend(characters.next()),
            _ => given.push(c),
        }
    }
    given
}

/// The command of the line that `render renewal cron` prints.
pub fn crontab_line(printed: &str) -> &str {
    let line = printed.lines().find(|line| !line.starts_with('#')).unwrap();
    line.strip_prefix("17 4,16 * * *  ").unwrap()
}

/// A PKI in a directory of that name.
pub fn pki(sandbox: &Sandbox, name: &str) {
    sandbox.certctl_args(&["-d", name, "gen", "--key-type", "ecdsa:p256", "--days", "20"]).code(0);
}

fn render(sandbox: &Sandbox, dir: &str, form: &str, flags: &[&str]) -> Run {
    sandbox.certctl_args(&[&["-d", dir, "render", "renewal", form], flags].concat())
}

#[test]
fn the_crontab_line_renews_and_runs_the_hook() {
    for name in HOSTILE {
        let sandbox = Sandbox::new();
        pki(&sandbox, name);
        let old = sandbox.read(&format!("{name}/server.pem"));
        let ran = sandbox.path("ran");
        let hook = format!("sh -c 'date +%Y%% > \"{}\"'", ran.display());

        let run = render(&sandbox, name, "cron", &["--exec", &hook, "--expires-within", "30d"]);
        let command = as_cron_does(crontab_line(run.code(0).stderr_is("").stdout().as_str()));

        let mut cron = std::process::Command::new("sh");
        cron.args(["-c", &command]).current_dir("/").env_clear().env("PATH", "/usr/bin:/bin");
        let run = Run::of(&mut cron);
        run.code(0).stdout_is("");
        assert_ne!(sandbox.read(&format!("{name}/server.pem")), old, "{name}: {command}");
        assert!(fs::read_to_string(&ran).unwrap().trim_end().ends_with('%'), "{name}");
    }
}

#[test]
fn the_flags_of_renew_and_the_global_flags_are_kept() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let dir = sandbox.dir().display().to_string();
    let certctl = env!("CARGO_BIN_EXE_certctl");

    let flags =
        "--exec reload --served a:1 --served [::1]:2 --served-timeout 9 --starttls smtp --rollback";
    let words: Vec<&str> = flags.split(' ').collect();
    let printed = render(&sandbox, ".", "cron", &words).code(0).stdout();
    let quoted = flags.replace("[::1]:2", "'[::1]:2'");
    assert_eq!(
        crontab_line(&printed),
        format!("{certctl} -q -d {dir} renew --expires-within 1/3 {quoted}")
    );

    let line = "--ca ca.pem --lock-timeout 5 --allow-shared-dir --config certctl.toml";
    sandbox.write("certctl.toml", "");
    let line = format!("{line} render renewal systemd --expires-within 25%");
    let printed = sandbox.certctl(&line).code(0).stdout();
    let expected = format!(
        "ExecStart={certctl} -d {dir} --ca {dir}/ca.pem --ca-key {dir}/ca.key --lock-timeout 5 \
         --allow-shared-dir renew --expires-within 25/100\n"
    );
    assert!(printed.contains(&expected), "{printed}");
}

#[test]
fn a_unit_has_its_directories_and_its_timer() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let home = Sandbox::new();
    let (dir, other) = (sandbox.dir().display().to_string(), home.dir().display().to_string());
    let line = format!("-d {other} --ca {dir}/ca.pem render renewal systemd");

    let printed = home.certctl(&line).code(0).stdout();

    for part in [
        "Type=oneshot\n",
        "UMask=0077\n",
        "NoNewPrivileges=yes\n",
        "ProtectSystem=strict\n",
        "PrivateTmp=yes\n",
        "Persistent=true\n",
        "RandomizedDelaySec=",
        &format!("ReadWritePaths={other}\nReadWritePaths={dir}\n"),
    ] {
        assert!(printed.contains(part), "no {part:?} in\n{printed}");
    }
}

#[test]
fn the_files_are_written_and_edited_ones_are_left_alone() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let cases = [
        ("systemd", &["certctl-renew.service", "certctl-renew.timer"][..]),
        ("cron", &["certctl-renew.crontab"]),
    ];
    for (form, files) in cases {
        let line = format!("render renewal {form} --out-dir units-{form}");
        sandbox.certctl(&line).code(0).stdout_has(files[0]);
        let written: Vec<String> = fs::read_dir(sandbox.path(&format!("units-{form}")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(written.len(), files.len(), "{written:?}");
        let json = sandbox.certctl(&format!("-o json render renewal {form}")).code(0).json();
        for (number, file) in files.iter().enumerate() {
            let printed = json["files"][number]["content"].as_str().unwrap().to_owned();
            assert_eq!(sandbox.text(&format!("units-{form}/{file}")), printed);
        }
        sandbox.certctl(&line).code(0);
        sandbox.write(&format!("units-{form}/{}", files[0]), "edited");
        sandbox.certctl(&line).code(1).stderr_has("already exists");
    }
}

#[test]
fn what_cannot_be_written_there_is_refused() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for form in ["cron", "systemd"] {
        render(&sandbox, ".", form, &["--exec", "sh -c 'a\nb'"]).code(2).stderr_has("hint: ");
        render(&sandbox, ".", form, &["--exec", "a; b"]).code(2);
        render(&sandbox, ".", form, &["--rollback"]).code(2);
        render(&sandbox, "missing", form, &[]).code(1).stderr_has("no CA in this directory");
    }
    pki(&sandbox, "new\nline");
    render(&sandbox, "new\nline", "cron", &[]).code(2);
    sandbox.certctl("render renewal launchd").code(2);
}

/// Every help text, the README, and what commands print about renewing.
#[test]
fn no_line_for_cron_has_a_percent_sign() {
    let sandbox = Sandbox::new();
    let mut texts = vec![include_str!("../../README.md").to_owned()];
    texts.push(sandbox.certctl("gen --cn localhost --days 20").code(0).stdout());
    sandbox.certctl("init").code(0);
    texts.push(sandbox.text("certctl.toml"));
    texts.push(sandbox.certctl("renew --expires-within soon").code(2).stderr());
    texts.push(sandbox.certctl("render renewal cron").code(0).stdout());
    for command in ["", "renew", "inspect", "check", "gen", "render", "render renewal"] {
        let help = sandbox.certctl(&format!("{command} --help")).code(0).stdout();
        assert!(!help.contains('%'), "{command}: {help}");
        texts.push(help);
    }
    for text in &texts {
        for line in text.lines() {
            let is_schedule = line.starts_with(|c: char| c.is_ascii_digit() || c == '@')
                && line.contains("certctl");
            let is_command = line.contains("--expires-within") && !line.contains("JSON");
            if is_schedule {
                let program =
                    line.split_whitespace().find(|word| word.contains("certctl")).unwrap();
                assert!(program.starts_with('/'), "{line}");
            }
            assert!(!(is_schedule || is_command) || !line.contains('%'), "{line}");
        }
    }
}
