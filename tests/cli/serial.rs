//! `ca.srl`: OpenSSL's format, the serial used last, one writer at a time.

use std::{collections::HashSet, fs, path::Path, process::Stdio, thread};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::{cert::Cert, sandbox::Sandbox};

/// Puts something there that is no regular file.
type Plant = fn(&Path);

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// A CA whose own directory bears no serial that `ca.srl` could be behind.
fn bare_ca() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/good.pem", "ca.pem");
    sandbox
}

#[test]
fn what_is_no_serial_number_is_an_error_and_left_alone() {
    let big = "A".repeat(1 << 20);
    let cases: [(&str, &str); 16] = [
        ("", "it is empty"),
        ("\n", "it is empty"),
        ("zz\n", "hexadecimal"),
        ("0x10\n", "hexadecimal"),
        ("-5\n", "hexadecimal"),
        ("+5\n", "hexadecimal"),
        ("12 34\n", "hexadecimal"),
        (" 12\n", "hexadecimal"),
        ("12\n34\n", "hexadecimal"),
        ("12\n\n", "hexadecimal"),
        ("12\0\n", "hexadecimal"),
        ("1\u{661}\n", "hexadecimal"),
        ("123\n", "odd number of digits"),
        (&big, ""),
        ("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\n", "serial space exhausted"),
        ("8000000000000000000000000000000000000000\n", "serial space exhausted"),
    ];

    for (content, reason) in cases {
        let sandbox = with_ca();
        sandbox.write("ca.srl", content);
        let before = sandbox.digest();
        for command in ["renew server", "renew", "issue redis --key-type ecdsa:p256"] {
            let run = sandbox.certctl(command);
            run.code(1).stderr_has("`ca.srl`").stderr_has(reason).stderr_has("hint: ");
            assert_eq!(sandbox.digest(), before, "{content:.40}");
        }
    }
}

#[test]
fn what_openssl_reads_is_read_and_written_in_its_form() {
    let cases = [
        ("0a", "0B\n"),
        ("0A\r\n", "0B\n"),
        ("0A\n", "0B\n"),
        ("000A\n", "0B\n"),
        ("00\n", "01\n"),
        ("FF\n", "0100\n"),
        ("7f\n", "80\n"),
        ("00FFFF\n", "010000\n"),
        ("abcdef0123456789\n", "ABCDEF012345678A\n"),
        (
            "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE\n",
            "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\n",
        ),
    ];

    for (before, after) in cases {
        let sandbox = bare_ca();
        sandbox.write("ca.srl", before);
        sandbox
            .certctl("issue redis --key-type ecdsa:p256")
            .code(0)
            .stderr_lacks("the number was skipped");
        assert_eq!(sandbox.text("ca.srl"), after, "{before:?}");
        assert_eq!(Cert::read(&sandbox, "redis.pem").serial(), after.trim(), "{before:?}");
    }
}

#[test]
fn a_run_that_needs_more_than_is_left_takes_nothing() {
    let sandbox = bare_ca();
    sandbox.write("ca.srl", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE\n");
    sandbox.write(
        "certctl.toml",
        "[defaults]\nkey_type='ecdsa:p256'\n[[certificate]]\nname='a'\n[[certificate]]\nname='b'\n",
    );
    let before = sandbox.digest();

    sandbox.certctl("gen").code(1).stderr_has("serial space exhausted");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_missing_file_starts_at_random() {
    let mut seen = HashSet::new();
    for _ in 0..4 {
        let sandbox = bare_ca();
        sandbox.certctl("issue redis --key-type ecdsa:p256").code(0);
        let serial = sandbox.text("ca.srl");
        assert_eq!(serial.trim(), Cert::read(&sandbox, "redis.pem").serial());
        assert!(serial.len() > 30, "{serial} has hardly 159 bits");
        assert!(u8::from_str_radix(&serial[..2], 16).unwrap() < 0x80 || serial.len() < 41);
        assert!(seen.insert(serial));
    }
}

#[test]
fn a_number_behind_what_the_directory_bears_is_stepped_over_and_said() {
    let sandbox = with_ca();
    let borne = sandbox.text("ca.srl");
    sandbox.write("ca.srl", "05\n");

    sandbox
        .certctl("renew server")
        .code(0)
        .stderr_has("ca.srl was behind serial")
        .stderr_has(borne.trim())
        .stderr_has("the number was skipped");

    let number =
        |hex: &str| u128::from_str_radix(&hex.trim()[hex.trim().len() - 30..], 16).unwrap();
    let last = sandbox.text("ca.srl");
    assert_eq!(number(&last), number(&borne) + 1);
    assert_eq!(Cert::read(&sandbox, "server.pem").serial(), last.trim());
    sandbox.certctl("renew server").code(0).stderr_lacks("the number was skipped");
}

#[test]
fn certificates_without_key_and_without_plan_count_too() {
    let sandbox = with_ca();
    sandbox.certctl("issue guest --key-type ecdsa:p256").code(0);
    sandbox.remove("guest.key");
    sandbox.remove("ca.srl");
    sandbox.write("ca.srl", "01");

    sandbox
        .certctl("issue redis --key-type ecdsa:p256")
        .code(0)
        .stderr_has("the number was skipped");

    let serials: HashSet<String> = ["server.pem", "client.pem", "guest.pem", "redis.pem"]
        .map(|file| Cert::read(&sandbox, file).serial())
        .into();
    assert_eq!(serials.len(), 4);
}

#[test]
fn what_is_no_regular_file_is_refused_without_a_hang() {
    let plant: [(&str, Plant); 4] = [
        ("a FIFO", |path| {
            mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        }),
        ("a directory", |path| fs::create_dir(path).unwrap()),
        ("a device", |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap()),
        ("a symlink", |path| std::os::unix::fs::symlink("elsewhere", path).unwrap()),
    ];

    for (kind, plant) in plant {
        let sandbox = with_ca();
        sandbox.remove("ca.srl");
        let before = sandbox.digest();
        plant(&sandbox.path("ca.srl"));
        for command in ["renew server", "issue redis --key-type ecdsa:p256"] {
            sandbox.certctl(command).code(1).stderr_has("`ca.srl`").stderr_has("hint: ");
        }
        for (file, content) in sandbox.digest() {
            assert!(file == "ca.srl" || before[&file] == content, "{file} beside {kind}");
        }
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let entries = fs::read_dir(sandbox.dir()).unwrap().map(|entry| name(entry.unwrap()));
        assert!(!entries.into_iter().any(|file| file.starts_with(".certctl")), "{kind}");
    }
}

#[test]
fn sixty_four_at_once_get_sixty_four_serials() {
    const TIMES: usize = 64;
    let sandbox = with_ca();
    let number =
        |hex: &str| u128::from_str_radix(&hex.trim()[hex.trim().len() - 30..], 16).unwrap();
    let first = number(&sandbox.text("ca.srl"));

    let runs: Vec<_> = (0..TIMES)
        .map(|_| {
            let mut command = sandbox.command();
            command
                .args(["-o", "json", "renew", "server", "--lock-timeout", "100"])
                .stdout(Stdio::piped());
            command.stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let answers: Vec<_> = runs
        .into_iter()
        .map(|child| thread::spawn(move || child.wait_with_output().unwrap()))
        .collect();
    let mut serials = HashSet::new();
    for answer in answers {
        let output = answer.join().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        serials.insert(json["certificates"][0]["serial"].as_str().unwrap().to_owned());
    }

    assert_eq!(serials.len(), TIMES);
    assert_eq!(number(&sandbox.text("ca.srl")), first + TIMES as u128);
    assert_eq!(sandbox.files().len(), 7);
    sandbox.certctl("renew server --reuse-key").code(0);
}

#[test]
fn a_failing_run_leaves_a_gap_and_never_a_repeat() {
    let sandbox = with_ca();
    let before = sandbox.text("ca.srl");
    // What stands in the way of publishing does not give the serial back.
    fs::create_dir(sandbox.path("redis.pem")).unwrap();
    sandbox.certctl("issue redis --key-type ecdsa:p256").code(1);
    assert_eq!(sandbox.text("ca.srl"), before, "found before a serial is taken");

    let serial = Cert::read(&sandbox, "client.pem").serial();
    sandbox.certctl("renew").code(0);
    let after = ["server.pem", "client.pem"].map(|file| Cert::read(&sandbox, file).serial());
    assert!(!after.contains(&serial) && after[0] != after[1]);
}
