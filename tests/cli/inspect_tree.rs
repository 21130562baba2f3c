//! `inspect` over many files: what is listed, in which order, and the exit code of it all.

use std::os::unix::fs::symlink;

use crate::{
    craft::{Craft, attribute},
    sandbox::{Run, Sandbox},
};

const PAST: &str = "20210101000000Z";

/// A certificate that ends then.
fn ending(not_after: &'static str) -> String {
    let mut craft = Craft::new("x");
    craft.not_after = not_after;
    craft.pem()
}

/// The last cell of each row of a table: the file.
fn listed(run: &Run) -> Vec<String> {
    let stdout = run.stdout();
    let rows = stdout.lines().skip(1).take_while(|line| !line.is_empty());
    rows.map(|row| row.rsplit("  ").next().unwrap().to_owned()).collect()
}

/// A directory with a certificate for each state, all under `pki`.
fn states() -> Sandbox {
    let sandbox = Sandbox::with_gen("-d soon --key-type ecdsa:p256 --days 10 --ca-days 20");
    for (from, to) in [("soon/server.pem", "due.pem"), ("soon/ca.pem", "ca.pem")] {
        sandbox.write(to, sandbox.read(from));
    }
    sandbox.write("later.pem", ending("29991231235959Z"));
    sandbox.write("past.pem", ending(PAST));
    sandbox.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    sandbox
}

#[test]
fn the_exit_code_is_the_worst_of_all() {
    let sandbox = states();
    let cases = [
        ("later.pem", 0),
        ("due.pem", 3),
        ("ca.pem", 3),
        ("past.pem", 4),
        ("broken.pem", 1),
        ("missing.pem", 1),
        ("due.pem broken.pem", 1),
        ("broken.pem past.pem due.pem", 4),
        ("later.pem due.pem", 3),
    ];
    for (files, code) in cases {
        for form in ["text", "json", "prometheus"] {
            let line = format!("inspect --expires-within 30d -o {form} {files}");
            sandbox.certctl(&line).code(code);
        }
    }
    sandbox.certctl("inspect --expires-within 5d due.pem ca.pem later.pem").code(0);
    sandbox.certctl("inspect --expires-within 15d due.pem ca.pem later.pem").code(3);
    sandbox.certctl("inspect --expires-within 1m due.pem").code(2);
}

#[test]
fn without_a_window_an_expired_certificate_is_but_a_note() {
    let sandbox = states();
    let run = sandbox.certctl("inspect past.pem");
    run.code(0).stdout_has("  Anomalies     expired 2021-01-01 00:00 UTC, ");
    run.stderr_is(
        "note: 1 certificate has expired, which does not change the exit code of inspect by itself\n\
         hint: exit with 4 then: `--expires-within 30d`\n",
    );
    let run = sandbox.certctl("inspect past.pem later.pem past.pem");
    run.code(0)
        .stdout_has("\n3 certificates: 2 expired, 1 ends later\n")
        .stderr_has("2 certificates have");
    sandbox.certctl("inspect -q past.pem").code(0).stdout_is("").stderr_is("");
}

#[test]
fn files_stand_by_their_earliest_end_and_chains_from_the_leaf_up() {
    let certificate = |name: &str, issuer: &str, not_after| {
        let mut craft = Craft::new(name);
        craft.issuer = vec![attribute(3, crate::craft::UTF8, issuer.as_bytes())];
        craft.not_after = not_after;
        craft.pem()
    };
    let root = certificate("root", "root", "29990101000000Z");
    let middle = certificate("middle", "root", "29980101000000Z");
    let leaf = certificate("leaf", "middle", "29970101000000Z");
    let other = certificate("other", "elsewhere", "29960101000000Z");
    let sandbox = Sandbox::new();
    let cases = [
        (vec![&root, &middle, &leaf], "leaf middle root"),
        (vec![&middle, &leaf, &root], "leaf middle root"),
        (vec![&root, &other, &leaf, &middle], "other leaf middle root"),
        (vec![&leaf, &root], "leaf root"),
        (vec![&root, &leaf], "root leaf"),
        (vec![&root, &middle, &root, &leaf], "leaf middle root root"),
    ];
    for (bundle, expected) in cases {
        sandbox.write("a.pem", bundle.into_iter().cloned().collect::<String>());
        let json = sandbox.certctl("inspect -o json a.pem").code(0).json();
        let objects = json["files"][0]["objects"].as_array().unwrap().iter();
        let subjects: Vec<&str> = objects.map(|it| &it["subject"].as_str().unwrap()[3..]).collect();
        assert_eq!(subjects.join(" "), expected);
    }

    let files = Sandbox::new();
    for (file, content) in [("a.pem", &root), ("b.pem", &leaf), ("c.pem", &other)] {
        files.write(file, content);
    }
    files.write("d.pem", root.clone() + &other);
    files.write("e.key", std::fs::read(crate::sandbox::fixtures().join("keys/good.key")).unwrap());
    let run = files.certctl("inspect");
    assert_eq!(listed(&run), ["c.pem", "d.pem", "d.pem", "b.pem", "a.pem", "e.key"]);
    run.code(0).stdout_has("\n5 certificates; 1 other object\n");
}

#[test]
fn a_bundle_of_a_thousand_look_alikes_is_done_at_once() {
    let mut craft = Craft::new("same");
    let mut bundle = String::new();
    for number in 0..1000_u32 {
        craft.serial = [&[1], &number.to_be_bytes()[..]].concat();
        craft.issuer.clone_from(&craft.subject);
        bundle += &craft.pem();
    }
    // A circle: each of two is the issuer of the other.
    craft.issuer = Craft::new("other").subject;
    bundle += &craft.pem();
    std::mem::swap(&mut craft.issuer, &mut craft.subject);
    bundle += &craft.pem();
    let sandbox = Sandbox::new();
    sandbox.write("bundle.pem", bundle);
    let run = sandbox.certctl_in(5, "inspect bundle.pem");
    run.code(0).stdout_has("\n1,002 certificates\n");
}

#[test]
fn a_directory_is_gone_through_and_what_cannot_be_read_is_said() {
    let sandbox = states();
    sandbox.write("deep/er/one.pem", ending("29990101000000Z"));
    sandbox.write("archive/old.pem", ending(PAST));
    sandbox.write("deep/archive/old.pem", ending(PAST));
    sandbox.write("README", "nothing here");
    sandbox.write("ca.srl", "0A\n");
    sandbox.write("values.yaml", "a: 1\n");
    symlink("nowhere", sandbox.path("dangling.pem")).unwrap();
    symlink("..", sandbox.path("deep/up")).unwrap();

    let run = sandbox.certctl("inspect");
    assert_eq!(listed(&run), ["past.pem", "due.pem", "ca.pem", "later.pem", "broken.pem"]);
    run.code(1).stderr_has("broken.pem").stderr_has("dangling.pem").stderr_lacks("values.yaml");
    run.stdout_lacks("old.pem").stdout_lacks("one.pem").stdout_has("2 other files skipped");
    run.stdout_has(
        "Skipped: README (no certificate or key), values.yaml (no certificate or key)\n",
    );

    let run = sandbox.certctl("inspect -r");
    run.code(1).stdout_has("deep/er/one.pem\n").stderr_has("deep/up").stdout_lacks("old.pem");
    // What was named is read, wherever it is.
    let run = sandbox.certctl("inspect archive");
    assert_eq!(listed(&run), ["archive/old.pem"]);
    sandbox.certctl("-d soon inspect").code(0).stdout_has("soon/server.pem\n");
    sandbox.certctl("-d nowhere inspect").code(1).stderr_has("nowhere");
}

#[test]
fn of_many_files_those_that_cannot_wait_are_listed_and_the_soonest_of_the_rest() {
    let sandbox = states();
    sandbox.remove("broken.pem");
    sandbox.remove("ca.pem");
    let (late, later) = (ending("29980101000000Z"), ending("29990101000000Z"));
    for number in 0..1100 {
        sandbox.write(&format!("tree/{}/{number}.pem", number % 7), &later);
    }
    for number in 0..50 {
        sandbox.write(&format!("tree/late/{number}.pem"), &late);
    }
    sandbox.write("tree/due.pem", sandbox.read("due.pem"));
    sandbox.write("tree/past.pem", sandbox.read("past.pem"));
    sandbox.write("tree/empty.pem", "");

    let run = sandbox.certctl("inspect -r tree --expires-within 30d");
    run.code(4).stderr_has("tree/empty.pem");
    let files = listed(&run);
    assert_eq!(files[..2], ["tree/past.pem", "tree/due.pem"]);
    assert!(files[2..52].iter().all(|file| file.starts_with("tree/late/")), "{:?}", &files[2..52]);
    assert_eq!(files.len(), 1002);
    run.stdout_has("\n1,152 certificates: 1 due, 1 expired, 1,150 end later; 150 not listed\n");

    assert_eq!(listed(&sandbox.certctl("inspect -r tree")).len(), 1152);
    let json = sandbox.certctl("inspect -r tree --expires-within 30d -o json").code(4).json();
    assert_eq!(json["files"].as_array().unwrap().len(), 1152);
    assert_eq!(json["counts"]["certificates"], 1152);
}

#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is() {
    let sandbox = Sandbox::new();
    for number in 0..3000 {
        sandbox.write(&format!("{number}.pem"), ending("29990101000000Z"));
    }
    let script = "{ $CERTCTL inspect; echo $? > code; } | head -1";
    sandbox.sh(script).code(0).stdout_has("ENDS").stderr_is("");
    assert_eq!(sandbox.text("code"), "0\n");
    for form in ["text", "json", "prometheus"] {
        let script = format!("$CERTCTL inspect -o {form} > /dev/full");
        sandbox.sh(&script).code(1).stderr_has("error: standard output").stderr_lacks("panicked");
    }
}

#[test]
fn a_key_that_everybody_can_read_is_worth_a_warning() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("inspect").code(0).stderr_is("");
    sandbox.set_mode("client.key", 0o644);
    sandbox.certctl("inspect").code(0).stderr_has("warning: client.key has mode 0644");
}
