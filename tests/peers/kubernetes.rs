//! Kubernetes manifests before kubectl, other readers of YAML, the schemas of the API server, and those
//! of cert-manager.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{
    peer::{each_kind, fixture, installed, set},
    sandbox::{Run, Sandbox, fixtures},
};

/// Strings that some reader takes for something else, though they may name an object.
const TRAPS: [&str; 30] = [
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "null",
    "nan",
    "inf",
    "123",
    "0",
    "00",
    "08",
    "0777",
    "0x1f",
    "0o17",
    "0b1",
    "1e3",
    "1e-3",
    "12e03",
    "1.5",
    "1.0",
    "1.2.3",
    "2001-01-01",
    "2001-1-1",
    "1-1",
    "e3",
    "0.inf",
];

/// What may stand in an annotation, and breaks whoever pastes strings.
const HOSTILE: [&str; 26] = [
    "a: b",
    "a\nb: c",
    "---\nkind: Pod",
    "# no comment",
    "a # b",
    "{{ .Values.x }}",
    "{% raw %}",
    "!!python/object:os.system",
    "\"'\"'`$(id)",
    "*alias",
    "&anchor",
    "<<",
    "=",
    "~",
    "",
    " ",
    " a ",
    "a\r\nb\r",
    "\t",
    "- a",
    "? a",
    "| a",
    "12:30:45",
    "+1_000.5",
    "\u{85}\u{2028}\u{feff}\u{7f}\u{1b}[1m",
    "Müller 🙂",
];

fn kubectl() -> Option<PathBuf> {
    installed("kube/kubectl", "kubectl")
}

fn python() -> Option<PathBuf> {
    installed("kube/bin/python", "kubernetes-validate")
}

fn run(sandbox: &Sandbox, program: &Path, line: &str) -> Run {
    let words: Vec<&str> = line.split_whitespace().collect();
    sandbox.run(program.to_str().unwrap(), &words)
}

fn script(sandbox: &Sandbox, python: &Path, script: &str, line: &str) -> Run {
    run(sandbox, python, &format!("{} {line}", fixture(&format!("kubernetes/{script}"))))
}

/// What kubectl says that nobody asked for.
fn plain(mut object: Value) -> Value {
    let metadata = object["metadata"].as_object_mut().unwrap();
    metadata.remove("creationTimestamp");
    let fields = object.as_object_mut().unwrap();
    // The API server's default.
    fields.entry("type").or_insert(json!("Opaque"));
    object
}

#[test]
fn a_secret_is_the_object_that_kubectl_creates() {
    let Some(kubectl) = kubectl() else { return };
    each_kind(|set| {
        let cases = [
            ("", "generic certs --from-file=server.pem --from-file=server.key --from-file=ca.pem"),
            (
                "client --name app -n db",
                "generic app -n db --from-file=client.pem --from-file=client.key --from-file=ca.pem",
            ),
            (
                "--name x --file a=ca.srl --file server.pem",
                "generic x --from-file=a=ca.srl --from-file=server.pem",
            ),
            (
                "--type tls --file tls.crt=server.pem --file tls.key=server.key",
                "tls certs --cert server.pem --key server.key",
            ),
            (
                "client --type tls -n db",
                "generic certs -n db --type kubernetes.io/tls --from-file=tls.crt=client.pem \
                 --from-file=tls.key=client.key --from-file=ca.crt=ca.pem",
            ),
        ];
        for (ours, theirs) in cases {
            let ours = set.certctl(&format!("-o json k8s secret {ours}")).code(0).json();
            let line = format!("create secret {theirs} --dry-run=client -o json");
            let theirs = plain(run(set, &kubectl, &line).code(0).json());
            assert_eq!(ours, theirs, "{line}");
        }
    });
}

#[test]
fn kubectl_reads_what_was_written() {
    let Some(kubectl) = kubectl() else { return };
    let set = set("ecdsa:p256");
    set.certctl("issue redis localhost --usage peer --key-type ecdsa:p256").code(0);
    let judge = |flags: &[&str]| {
        for form in ["yaml", "json"] {
            let line =
                [&["-q", "-o", form, "k8s", "secret"], flags, &["--out-file", form]].concat();
            set.certctl_args(&line).code(0);
        }
        let said: Value = serde_json::from_str(&set.text("json")).unwrap();
        for form in ["yaml", "json"] {
            let line = format!("label --local -f {form} judged=yes -o json");
            let mut read = run(&set, &kubectl, &line).code(0).json();
            read["metadata"]["labels"].as_object_mut().unwrap().remove("judged").unwrap();
            assert_eq!(plain(read), said, "{flags:?} in {form}");
        }
    };
    for hostile in HOSTILE {
        judge(&["--annotation", &format!("example.com/a={hostile}"), "--label", "a=b"]);
    }
    for trap in TRAPS {
        let pair = format!("{trap}={trap}");
        judge(&["--name", trap, "--label", &pair, "--annotation", &pair]);
    }
    // Many at once: as documents, and as a List.
    for form in ["yaml", "json"] {
        set.certctl(&format!("-q -o {form} k8s secret --all --out-file all")).code(0);
        let line = "label --local -f all judged=yes -o name";
        let named = run(&set, &kubectl, line).code(0).stdout();
        assert_eq!(
            named.lines().collect::<Vec<_>>(),
            ["secret/client", "secret/redis", "secret/server"]
        );
    }
}

#[test]
fn all_readers_of_yaml_find_the_same_strings() {
    let Some(python) = python() else { return };
    let set = set("ecdsa:p256");
    let mut names = Vec::new();
    let mut write = |flags: &[&str]| {
        let name = format!("m{}", names.len());
        for form in ["yaml", "json"] {
            let file = format!("{name}.{form}");
            let line = [&["-q", "-o", form, "k8s"], flags, &["--out-file", &file]].concat();
            set.certctl_args(&line).code(0);
        }
        names.push(name);
    };
    for trap in TRAPS {
        let [label, annotation] = ["l", "a"].map(|key| format!("{key}={trap}"));
        let keys = format!("{trap}={trap}");
        let namespace = if trap.contains('.') { "y" } else { trap };
        write(&[
            "secret",
            "--name",
            trap,
            "-n",
            namespace,
            "--label",
            &label,
            "--label",
            &keys,
            "--annotation",
            &annotation,
            "--annotation",
            &keys,
            "--file",
            &format!("{trap}=ca.srl"),
        ]);
        write(&["issuer", "--name", trap, "-n", namespace]);
    }
    for hostile in HOSTILE {
        write(&["secret", "--annotation", &format!("a={hostile}")]);
        // In a subject, where control characters cannot be.
        if !hostile.trim().is_empty() && !hostile.contains(char::is_control) {
            let cn = format!("--cn={hostile}");
            let issued = set.certctl_args(&["issue", "odd", "odd.example", &cn]);
            issued.code(0);
            write(&["issuer", "--cluster"]);
            set.remove("odd.pem");
            set.remove("odd.key");
        }
    }
    write(&["secret", "--all"]);
    write(&["secret", "--type", "tls", "--all", "--name", "x"]);

    script(&set, &python, "readers.py", &names.join(" ")).code(0);
    // The judge says no where it should.
    set.write("bad.yaml", set.text("m0.yaml").replace("\"true\"", "true"));
    set.write("bad.json", set.text("m0.json"));
    script(&set, &python, "readers.py", "bad").code(1).stdout_has("PyYAML reads something else");
    let extra = |text: &str| text.replacen("kind", "knd", 1);
    set.write(
        "bad.yaml",
        extra(&set.text("m0.yaml")).replace("knd: Secret", "kind: Secret\nknd: x"),
    );
    set.write(
        "bad.json",
        set.text("m0.json").replacen("\"kind\"", "\"knd\": \"x\",\n    \"kind\"", 1),
    );
    script(&set, &python, "readers.py", "bad").code(1);
}

#[test]
fn cert_manager_knows_every_field() {
    let Some(python) = python() else { return };
    let schema = |kind: &str| fixtures().join(format!("crds/{kind}.json")).display().to_string();
    for subject in ["/CN=db", "/C=US/ST=CA/O=zilliz/OU=devops/CN=db", "/DC=org/OU=a/OU=b/CN=db"] {
        let set = Sandbox::with_gen(&format!("--key-type ecdsa:p256 --subject {subject}"));
        for key_type in ["rsa:2048", "ecdsa:p384", "ed25519"] {
            let names = "db.example,10.0.0.1,::1,spiffe://db/a,a@db.example";
            let line = format!(
                "issue {} --usage peer --san {names} --key-type {key_type}",
                key_type.replace(':', "-")
            );
            set.certctl(&line).code(0);
        }
        for (flags, kind) in [("", "issuer"), ("--cluster", "clusterissuer")] {
            for form in ["yaml", "json"] {
                let line = format!("-q -o {form} k8s issuer {flags} --out-file issuer.{form}");
                set.certctl(&line).code(0);
                for kind in [kind, "certificate"] {
                    let line = format!("{} issuer.{form}", schema(kind));
                    script(&set, &python, "crd.py", &line).code(0).stdout_has(": holds");
                }
            }
        }
        set.write("odd.yaml", set.text("issuer.yaml").replace("isCA: false", "isCa: false"));
        let odd = script(&set, &python, "crd.py", &format!("{} odd.yaml", schema("certificate")));
        odd.code(1).stdout_has("'isCa' was unexpected");
    }
}

#[test]
fn a_terminal_sees_a_key_only_if_it_is_asked_for() {
    let Some(python) = python() else { return };
    let set = set("ecdsa:p256");
    let certctl = env!("CARGO_BIN_EXE_certctl");
    for (line, code, said) in [
        ("k8s secret", 1, "a terminal must not show a private key"),
        ("k8s secret --type tls --all", 1, "a terminal must not show a private key"),
        ("-o yaml k8s secret", 0, "  server.key: "),
        ("-o json k8s secret", 0, "\"server.key\": "),
        ("k8s secret --out-file secret.yaml", 0, "kubectl apply --server-side"),
    ] {
        let seen = run(&set, &python, &format!("{} {certctl} {line}", fixture("terminal.py")));
        seen.code(code).stdout_has(said);
        if code == 1 {
            seen.stdout_lacks("server.key");
        }
    }
}

/// Every command of the README's section and of the walk to cert-manager, in their order. kubectl
/// speaks to no cluster: what it is to
/// apply it reads and marks, and that is what it gets later.
#[test]
fn the_recipes_of_the_readme_run_as_they_stand() {
    let Some(kubectl) = kubectl() else { return };
    let readme = include_str!("../../README.md");
    let section = readme.split("\n### Kubernetes\n").nth(1).expect("a section on Kubernetes");
    let section = section.split("\n### ").next().unwrap();
    let walk = include_str!("../../docs/cert-manager.md");
    let mut commands = Vec::new();
    let mut is_code = false;
    for line in section.lines().chain(walk.lines()) {
        if line.starts_with("```") {
            is_code = line == "```sh";
        } else if is_code {
            commands.push(line.to_owned());
        } else if line.starts_with('|') {
            let typed = line.split('`').find(|part| part.starts_with("certctl "));
            commands.extend(typed.map(|typed| format!("{typed} > /dev/null")));
        }
    }
    let commands = commands.join("\n");
    for wanted in [
        "certctl k8s secret ",
        "certctl k8s issuer ",
        "--type tls",
        "kubectl apply ",
        "certctl check -",
    ] {
        assert!(commands.contains(wanted), "no {wanted} in\n{commands}");
    }

    let sandbox = Sandbox::new();
    let stub = r#"#!/bin/sh -eu
case "$*" in
  'apply --server-side -f '*) "$KUBECTL" label --local -f "$4" applied=yes -o json > cluster.json ;;
  'get secret -A -o json') cat cluster.json ;;
  *) echo "no stand-in for: kubectl $*" >&2; exit 64 ;;
esac
"#;
    sandbox.write("bin/kubectl", stub);
    sandbox.set_mode("bin/kubectl", 0o755);
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_certctl"), sandbox.path("bin/certctl")).unwrap();
    let run = sandbox
        .sh(&format!("export PATH=\"$PWD/bin:$PATH\" KUBECTL={}\n{commands}", kubectl.display()));

    run.code(0).stdout_has("server.pem");
    let cluster = sandbox.text("cluster.json");
    for kind in ["\"Issuer\"", "\"Certificate\"", "\"applied\": \"yes\""] {
        assert!(cluster.contains(kind), "{kind}: {cluster}");
    }
    assert!(!sandbox.path("issuer.yaml").exists(), "the CA's key lies about no more");
    assert_eq!(sandbox.mode("secret.yaml"), 0o600);
}
