//! PEM files that only some programs read: what the rule `pem-form` says of each client, and what the
//! client does.

use std::process::Command;

use rustls_pki_types::{CertificateDer, pem::PemObject};

use crate::{
    peer::{self, Reply, fixture, have},
    sandbox::{Run, Sandbox},
};

/// The names of `pem-form`'s findings.
const CLIENTS: [&str; 7] = ["OpenSSL", "Python", "Node", "Go", "Java", "GnuTLS", "rustls"];

/// How a file is made of a certificate in the usual form, and of the CA's, which is served behind it.
type Make = fn(&str, &str) -> String;

/// Name, the form, what check says (the severity, or nothing), who does not read it.
type Row = (&'static str, Make, &'static str, &'static [&'static str]);

const EVERYBODY: &[&str] = &CLIENTS;
const BUT_GNUTLS: &[&str] = &["OpenSSL", "Python", "Node", "Go", "Java", "rustls"];
const OPENSSL: &[&str] = &["OpenSSL", "Python", "Node"];

const ROWS: &[Row] = &[
    ("usual", |leaf, _| leaf.into(), "", &[]),
    ("chain", |leaf, ca| format!("{leaf}{ca}"), "", &[]),
    ("crlf", |leaf, _| leaf.replace('\n', "\r\n"), "", &[]),
    ("text-around", |leaf, _| format!("subject=x\n\n{leaf}\nend\n"), "", &[]),
    ("no-final-newline", |leaf, _| leaf.trim_end().into(), "", &[]),
    ("one-long-line", |leaf, _| wrap(leaf, 9999), "", &[]),
    ("lines-of-76", |leaf, _| wrap(leaf, 76), "", &[]),
    (
        "trailing-blanks",
        |leaf, _| leaf.replacen('\n', "\r\n", 1).replace("=\n", "= \t\n") + "  ",
        "",
        &[],
    ),
    ("blank-behind-begin", |leaf, _| leaf.replacen('\n', " \t\n", 1), "warning", &["rustls"]),
    (
        "body-indented",
        |leaf, _| in_lines(leaf, |at, _, line| if at { format!("  {line}") } else { line.into() }),
        "",
        &[],
    ),
    ("blank-after-begin", |leaf, _| leaf.replacen("-----\n", "-----\n\n", 1), "", &[]),
    ("mark-before-text", |leaf, _| format!("\u{feff}text\n{leaf}"), "", &[]),
    ("mark", |leaf, _| format!("\u{feff}{leaf}"), "warning", &["Go", "Java", "rustls"]),
    ("two-returns", |leaf, _| leaf.replace('\n', "\r\r\n"), "warning", &["Go"]),
    ("form-feed", |leaf, _| leaf.replace('\n', "\x0c\n"), "warning", &["Go", "Java", "rustls"]),
    ("x509-label", |leaf, _| leaf.replace("CERT", "X509 CERT"), "warning", &["Go", "rustls"]),
    ("blank-each", |leaf, _| leaf.replace('\n', "\n\n"), "error", OPENSSL),
    (
        "blank-in-body",
        |leaf, _| {
            in_lines(leaf, |_, at, line| if at == 3 { format!("\n{line}") } else { line.into() })
        },
        "error",
        OPENSSL,
    ),
    ("blank-before-end", |leaf, _| leaf.replace("-----END", "\n-----END"), "error", OPENSSL),
    ("blanks-before-end", |leaf, _| leaf.replace("-----END", "  \n-----END"), "error", OPENSSL),
    (
        "two-blank-after-begin",
        |leaf, _| leaf.replacen("-----\n", "-----\n\n\n", 1),
        "error",
        OPENSSL,
    ),
    ("indented", |leaf, _| in_lines(leaf, |_, _, line| format!("    {line}")), "error", BUT_GNUTLS),
    ("tabs", |leaf, _| in_lines(leaf, |_, _, line| format!("\t{line}")), "error", BUT_GNUTLS),
    ("begin-indented", |leaf, _| format!("  {leaf}"), "error", BUT_GNUTLS),
    (
        "end-indented",
        |leaf, _| leaf.replace("-----END", " -----END"),
        "error",
        &["OpenSSL", "Python", "Node", "Go", "rustls"],
    ),
    ("text-before-begin", |leaf, _| format!("cert: {leaf}"), "error", BUT_GNUTLS),
    ("zero-width-before-begin", |leaf, _| format!("\u{200b}{leaf}"), "error", BUT_GNUTLS),
    (
        "returns-alone",
        |leaf, _| leaf.replace('\n', "\r"),
        "error",
        &["OpenSSL", "Python", "Node", "Go"],
    ),
    (
        "headers",
        |leaf, _| leaf.replacen("-----\n", "-----\nSubject: x\n\n", 1),
        "error",
        &["OpenSSL", "Python", "Node", "Java", "GnuTLS", "rustls"],
    ),
    ("joined", |leaf, ca| format!("{}{ca}", leaf.trim_end()), "error", BUT_GNUTLS),
    (
        "base64-alone",
        |leaf, _| leaf.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n"),
        "error",
        EVERYBODY,
    ),
    ("second-blank", |leaf, ca| format!("{leaf}{}", ca.replace('\n', "\n\n")), "error", OPENSSL),
];

#[test]
fn each_client_reads_what_check_says_that_it_reads() {
    if !have(&["openssl", "certtool", "go", "java", "node", "python3"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let (leaf, ca) = (sandbox.text("server.pem"), sandbox.text("ca.pem"));
    let mut files = Vec::new();
    for (name, make, ..) in ROWS {
        sandbox.write(&format!("{name}.pem"), make(&leaf, &ca));
        files.push(format!("{name}.pem"));
    }
    let trusted = "openssl x509 -in server.pem -trustout -addtrust serverAuth -out trusted.pem";
    sandbox.sh(trusted).code(0);
    files.push("trusted.pem".to_owned());
    let mut rows: Vec<(&str, &str, &[&str])> =
        ROWS.iter().map(|(name, _, severity, refusers)| (*name, *severity, *refusers)).collect();
    rows.push(("trusted", "warning", &["Go", "Java", "GnuTLS", "rustls"]));

    let verdicts = CLIENTS.map(|client| ask(&sandbox, client, &files));
    let mut wrong = Vec::new();
    for (row, (name, severity, refusers)) in rows.iter().enumerate() {
        let run =
            sandbox.certctl(&format!("check --ca ca.pem --key server.key -o json {name}.pem"));
        let report = run.json();
        let findings = report["certificates"][0]["findings"].as_array().unwrap();
        let of_form: Vec<_> = findings.iter().filter(|it| it["rule"] == "pem-form").collect();
        let said: Vec<_> = of_form.iter().map(|it| it["severity"].as_str().unwrap()).collect();
        assert!(said.iter().all(|it| it == severity), "{name}: {said:?}");
        assert_eq!(said.is_empty(), severity.is_empty(), "{name}: {findings:?}");
        run.code(if *severity == "error" { 4 } else { 0 });
        for (client, answers) in CLIENTS.iter().zip(&verdicts) {
            let answer = &answers[row];
            let refuses_it = refusers.contains(client);
            if (answer != "ok") != refuses_it {
                wrong.push(format!("{client} on {name}: {answer}"));
            }
            for finding in &of_form {
                let message = finding["message"].as_str().unwrap();
                if refuses(message, client) != Some(refuses_it) {
                    wrong.push(format!("{client} on {name}: {message}"));
                }
            }
        }
        // OpenSSL is what `export` and the others go by.
        sandbox.sh(&format!(
            "mkdir set-{name} && cp ca.pem server.key set-{name} && cp {name}.pem set-{name}/server.pem"
        ));
        let exported = sandbox.certctl(&format!("-d set-{name} export server --to out-{name}"));
        exported.code(i32::from(refusers.contains(&"OpenSSL")));
        if !refusers.contains(&"OpenSSL") {
            sandbox.sh(&format!("openssl x509 -noout -in out-{name}/server.pem")).code(0);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a message says that a client cannot read the file: the clause that names it does.
fn refuses(message: &str, client: &str) -> Option<bool> {
    let (_, clauses) = message.rsplit_once(": ")?;
    let clause = clauses.split("; ").find(|clause| clause.contains(client))?;
    Some(clause.contains("cannot") || clause.contains("no certificate"))
}

/// Builds a program of this folder; its path.
pub fn go_program(sandbox: &Sandbox, file: &str) -> String {
    let program = sandbox.path("go-program").display().to_string();
    let mut build = Command::new("go");
    build.args(["build", "-o", &program, &fixture(file)]).current_dir(sandbox.dir());
    Run::of(&mut build).code(0);
    program
}

/// `ok` or an error for each file.
fn ask(sandbox: &Sandbox, client: &str, files: &[String]) -> Vec<String> {
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    let script = |program: &str, file: &str| {
        let script = fixture(&format!("forms/{file}"));
        lines(&sandbox.run(program, &[&[&script, "server.key"], names.as_slice()].concat()))
    };
    let each = |program: &dyn Fn(&str) -> Reply| {
        let answer = |file: &String| {
            let reply = program(file);
            if reply.content { "ok".to_owned() } else { format!("no: {}", reply.text) }
        };
        files.iter().map(answer).collect()
    };
    match client {
        // All certificates of the file, as a server loads them.
        "OpenSSL" => each(&|file| {
            let line = format!(
                "set -o pipefail; openssl crl2pkcs7 -nocrl -certfile {file} |
                 openssl pkcs7 -print_certs -noout | grep -q subject"
            );
            peer::ask_words(sandbox, &["bash", "-c", &line], "")
        }),
        "Python" => script("python3", "load.py"),
        "Node" => script("node", "load.mjs"),
        "Go" => {
            let program = go_program(sandbox, "forms/load.go");
            lines(&sandbox.run(&program, &[&["server.key"], names.as_slice()].concat()))
        }
        "Java" => script("java", "Load.java"),
        "GnuTLS" => each(&|file| peer::ask(sandbox, &format!("certtool -i --infile {file}"), "")),
        _ => files
            .iter()
            .map(|file| {
                let content = sandbox.read(file);
                let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&content).collect();
                match found {
                    // Silently dropping the second one is not reading it.
                    Ok(found) if !found.is_empty() && found.len() == begins(&content) => {
                        "ok".to_owned()
                    }
                    other => format!("{other:?}"),
                }
            })
            .collect(),
    }
}

/// How many blocks a file has.
fn begins(content: &[u8]) -> usize {
    String::from_utf8_lossy(content).matches("-----BEGIN").count()
}

pub fn lines(run: &Run) -> Vec<String> {
    run.code(0).stdout().lines().map(str::to_owned).collect()
}

fn wrap(pem: &str, width: usize) -> String {
    let (begin, end) = (pem.lines().next().unwrap(), pem.lines().last().unwrap());
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let lines: Vec<&str> =
        body.as_bytes().chunks(width).map(|chunk| std::str::from_utf8(chunk).unwrap()).collect();
    format!("{begin}\n{}\n{end}\n", lines.join("\n"))
}

/// Each line changed; told whether it is of the body, and its number.
fn in_lines(pem: &str, change: fn(bool, usize, &str) -> String) -> String {
    let line = |(at, line): (usize, &str)| change(!line.starts_with('-'), at, line) + "\n";
    pem.lines().enumerate().map(line).collect()
}
