//! `renew --exec`: what runs after publishing, and how.

use std::path::Path;

use crate::sandbox::{Run, Sandbox};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

fn exec(sandbox: &Sandbox, line: &str, hook: &str) -> Run {
    let words: Vec<&str> = line.split(' ').chain(["--exec", hook]).collect();
    sandbox.certctl_args(&words)
}

#[test]
fn it_runs_once_with_the_names_of_what_changed() {
    let cases = [
        ("renew", "client server"),
        ("renew server", "server"),
        ("renew ca", "ca"),
        ("renew ca server --reuse-key", "ca server"),
    ];

    for (line, names) in cases {
        let sandbox = with_ca();
        exec(&sandbox, line, "/bin/sh -c 'echo \"$CERTCTL_RENEWED\" >> ran'").code(0);
        assert_eq!(sandbox.text("ran"), format!("{names}\n"), "{line}");
    }
}

#[test]
fn it_does_not_run_when_nothing_changed() {
    let sandbox = with_ca();
    for line in ["renew --expires-within 1h", "renew --dry-run", "renew ca --expires-within 1h"] {
        exec(&sandbox, line, "/bin/sh -c 'touch ran'").code(0);
        assert!(!sandbox.path("ran").exists(), "{line}");
    }
    exec(&sandbox, "renew missing", "/bin/sh -c 'touch ran'").code(1);
    assert!(!sandbox.path("ran").exists());
}

#[test]
fn it_runs_for_what_was_renewed_beside_a_failure() {
    let sandbox = with_ca();
    sandbox.sh("mv client.key k; ln -s k client.key").code(0);
    exec(&sandbox, "renew server client", "/bin/sh -c 'echo \"$CERTCTL_RENEWED\" > ran'").code(1);
    assert_eq!(sandbox.text("ran"), "server\n");
}

#[test]
fn it_runs_for_what_is_made_below_a_bare_ca() {
    let sandbox = Sandbox::new();
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/good.pem", "ca.pem");
    exec(&sandbox, "renew --cn localhost", "/bin/sh -c 'echo \"$CERTCTL_RENEWED\" > ran'").code(0);
    assert_eq!(sandbox.text("ran"), "server client\n");
}

#[test]
fn the_new_files_are_there_and_the_lock_is_free() {
    let sandbox = with_ca();
    let old = sandbox.text("server.pem");
    let certctl = env!("CARGO_BIN_EXE_certctl");
    let hook =
        format!("/bin/sh -c 'cat server.pem > seen; {certctl} renew client --lock-timeout 0'");

    exec(&sandbox, "renew server", &hook).code(0);

    assert_ne!(sandbox.text("seen"), old);
    assert_eq!(sandbox.text("seen"), sandbox.text("server.pem"));
}

#[test]
fn its_input_is_closed_and_its_output_is_not_the_result() {
    let sandbox = with_ca();
    let run = exec(
        &sandbox,
        "-o json renew server",
        "/bin/sh -c 'cat; echo from the hook; echo and here >&2'",
    );
    run.code(0).stderr_has("from the hook\n").stderr_has("and here\n");

    let json = run.json();
    assert_eq!(json["hook"]["command"], "/bin/sh -c 'cat; echo from the hook; echo and here >&2'");
    assert!(json["hook"].get("error").is_none());
}

#[test]
fn words_are_split_as_a_shell_splits_them_and_no_shell_runs() {
    let sandbox = with_ca();
    sandbox.write("show", "#!/bin/sh\nfor word; do echo \"[$word]\"; done > shown\n");
    sandbox.set_mode("show", 0o755);

    exec(&sandbox, "renew server", r#"./show a  'b $HOME | c' "d; e" f\ g '' '*' \~ h#i k~"#)
        .code(0);

    assert_eq!(
        sandbox.text("shown"),
        "[a]\n[b $HOME | c]\n[d; e]\n[f g]\n[]\n[*]\n[~]\n[h#i]\n[k~]\n"
    );
}

#[test]
fn what_only_a_shell_could_do_is_refused_before_anything_is_renewed() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    for hook in [
        "touch ran; touch again",
        "true && touch ran",
        "true | touch ran",
        "touch $HOME",
        "touch ran > log",
        "touch `echo ran`",
        "touch $(echo ran)",
        "touch ran &",
        "(touch ran)",
        "touch ran\ntouch again",
        "touch \"$HOME\"",
        "touch \"`echo ran`\"",
        "touch ~/ran",
        "touch *.ran",
        "touch ra?",
        "touch ra[n]",
        "touch {ran,again}",
        "touch ran #again",
        "[ -e ran ]",
        "A=b touch ran",
        "cd .",
    ] {
        let run = exec(&sandbox, "renew", hook);
        run.code(2).stderr_has("sh -c ");
        assert_eq!(sandbox.digest(), before, "{hook}");
    }
    // The hint is the same in a shell, as it is typed.
    for hook in
        ["touch ran; touch again", "touch \"$PWD/it's ran\"", "touch `echo \\ran`", "! touch *"]
    {
        let text = exec(&sandbox, "renew", hook).code(2).stderr();
        let (_, hint) = text.split_once("to start one: `").unwrap();
        let (hint, _) = hint.split_once("`\n").unwrap();
        let line = format!("\"$CERTCTL\" renew --dry-run --expires-within 1d {hint}");
        sandbox.sh(&line).code(0);
        let run = sandbox.sh(&format!("show() {{ printf '[%s]' \"$@\"; }}; show {hint}"));
        run.code(0).stdout_is(&format!("[--exec][sh -c {}]", shlex::try_quote(hook).unwrap()));
        assert_eq!(sandbox.digest(), before, "{hook}");
    }
    for hook in ["", " ", "touch 'ran", "touch \"ran", "touch ran\\", "''"] {
        exec(&sandbox, "renew", hook).code(2);
        assert_eq!(sandbox.digest(), before, "{hook:?}");
    }
}

#[test]
fn one_that_fails_is_exit_1_and_the_files_stay() {
    let cases = [
        ("/bin/sh -c 'exit 1'", "ended with exit code 1"),
        ("/bin/sh -c 'exit 77'", "ended with exit code 77"),
        ("/bin/sh -c 'kill -9 $$'", "was terminated by signal 9"),
        ("/nonexistent/program", "could not be started"),
        ("./ca.pem", "could not be started"),
    ];

    for (hook, outcome) in cases {
        let sandbox = with_ca();
        let old = sandbox.read("server.pem");
        let run = exec(&sandbox, "-o json renew server", hook);
        run.code(1)
            .stderr_has("error: hook `")
            .stderr_has(outcome)
            .stderr_has("hint: the new files are in place");
        assert_ne!(sandbox.read("server.pem"), old, "{hook}");
        let json = run.json();
        assert!(json["hook"]["error"]["message"].as_str().unwrap().contains(outcome), "{hook}");
        assert_eq!(json["certificates"][0]["action"], "renewed", "{hook}");
        sandbox.certctl("renew server --reuse-key").code(0);
    }
}

#[test]
fn only_the_command_line_can_name_one() {
    let sandbox = with_ca();
    for text in
        ["exec = 'touch ran'", "[defaults]\nexec = 'touch ran'", "[renew]\nexec = 'touch ran'"]
    {
        sandbox.write("certctl.toml", text);
        sandbox.certctl("renew").code(1).stderr_has("certctl.toml");
    }
    sandbox.remove("certctl.toml");
    let mut command = sandbox.command();
    command.env("CERTCTL_EXEC", "/bin/sh -c 'touch ran'").arg("renew");
    Run::of(&mut command).code(0);
    assert!(!Path::new(&sandbox.path("ran")).exists());
}
