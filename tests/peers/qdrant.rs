//! `render qdrant` and `render qdrant-client`: a server that loads the settings as Qdrant does, and the
//! clients that ask it. helm, kubectl and the schema of Compose files judge the other forms.

#[path = "qdrant/stand_in.rs"]
mod stand_in;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{
    peer::{Reply, ask_words, each_kind, fixture, have, installed, wait_until},
    sandbox::Sandbox,
};
use stand_in::{Node, Serving};

const COLLECTION: &str = "stand-in";
const NODES: [&str; 3] =
    ["qdrant-0.qdrant-headless", "qdrant-1.qdrant-headless", "qdrant-2.qdrant-headless"];

/// The settings of a YAML file, as PyYAML reads them.
fn yaml(set: &Sandbox, python: &Path, file: &str) -> Value {
    let read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let run = set.run(python.to_str().unwrap(), &["-c", read, file]);
    run.code(0);
    run.json()
}

/// What `render qdrant config <flags> --out-dir <dir>` lays out, started.
fn node(set: &Sandbox, python: &Path, dir: &str, flags: &str) -> Node {
    set.certctl(&format!("render qdrant config {flags} --out-dir {dir}")).code(0);
    Node::new(&set.path(dir), yaml(set, python, &format!("{dir}/config/production.yaml")))
}

fn python() -> Option<PathBuf> {
    installed("clients/bin/python", "qdrant-client")
}

/// curl asks for the collections, showing that pair.
fn curl(set: &Sandbox, qdrant: &Serving, pair: Option<&str>, ca: &str) -> Reply {
    let url = format!("https://localhost:{}/collections", qdrant.port);
    let mut words = vec!["curl", "-sS", "--cacert", ca, &url];
    let files = pair.map(|pair| (format!("{pair}.pem"), format!("{pair}.key")));
    if let Some((certificate, key)) = &files {
        words.extend(["--cert", certificate, "--key", key]);
    }
    ask_words(set, &words, "").if_says(COLLECTION)
}

/// The rendered snippet, run as it is.
fn snippet(
    set: &Sandbox,
    python: &Path,
    qdrant: &Serving,
    flags: &str,
    key: Option<&str>,
) -> Reply {
    let command = format!("render qdrant-client --port {} {flags}", qdrant.port);
    let rendered = set.certctl(&command);
    rendered.code(0);
    set.write("connect.py", rendered.stdout());
    let key = key.map(|key| format!("QDRANT_API_KEY={key}")).unwrap_or_default();
    // Its imports take longer than `ask_words` waits for where much else is running.
    let run = set.sh(&format!("{key} {} -W error connect.py 2>&1 || :", python.display()));
    run.code(0);
    Reply { content: true, text: run.stdout() }.if_says(&format!("['{COLLECTION}']"))
}

#[test]
fn qdrant_serves_https_to_whoever_trusts_the_ca() {
    let Some(python) = python().filter(|_| have(&["curl"])) else { return };
    each_kind(|set| {
        let qdrant = node(set, &python, "q", "").serve_rest(None).unwrap();

        let reply = curl(set, &qdrant, None, "ca.pem");
        assert!(reply.content, "{}", reply.text);
        let reply = snippet(set, &python, &qdrant, "", None);
        assert!(reply.content, "{}", reply.text);
        assert_eq!(qdrant.log(), "");

        let stranger = Sandbox::with_gen("--key-type ecdsa:p256");
        set.write("stranger.pem", stranger.read("ca.pem"));
        let reply = curl(set, &qdrant, None, "stranger.pem");
        assert!(!reply.content, "a client of another CA is content: {}", reply.text);
    });
}

#[test]
fn qdrant_lets_the_client_pair_in_and_nobody_else() {
    let Some(python) = python().filter(|_| have(&["curl"])) else { return };
    each_kind(|set| {
        let qdrant = node(set, &python, "q", "--mutual").serve_rest(None).unwrap();

        let reply = curl(set, &qdrant, Some("client"), "ca.pem");
        assert!(reply.content, "{}", reply.text);
        let reply = snippet(set, &python, &qdrant, "--mutual", None);
        assert!(reply.content, "{}", reply.text);
        assert_eq!(qdrant.log(), "");

        for (pair, words) in [(None, "no certificates"), (Some("server"), "key usage")] {
            let before = qdrant.log().len();
            let reply = curl(set, &qdrant, pair, "ca.pem");
            assert!(!reply.content, "{pair:?} is let in: {}", reply.text);
            let log = qdrant.log();
            assert!(log[before..].contains(words), "{pair:?}: {log}");
        }
        let reply = snippet(set, &python, &qdrant, "", None);
        assert!(!reply.content, "the snippet without a pair is let in: {}", reply.text);
    });
}

#[test]
fn the_snippet_takes_the_api_key_from_the_environment() {
    let Some(python) = python() else { return };
    let set = Sandbox::with_gen("--key-type ecdsa:p256");
    let qdrant = node(&set, &python, "q", "--api-key").serve_rest(Some("s3cret")).unwrap();

    let reply = snippet(&set, &python, &qdrant, "--auth", Some("s3cret"));
    assert!(reply.content, "{}", reply.text);
    for (key, words) in [(Some("wrong"), "401"), (None, "QDRANT_API_KEY")] {
        let reply = snippet(&set, &python, &qdrant, "--auth", key);
        assert!(!reply.content && reply.text.contains(words), "{key:?}: {}", reply.text);
    }
}

#[test]
fn nodes_know_one_another_by_the_certificate_of_a_peer() {
    let Some(python) = python() else { return };
    each_kind(|set| {
        let refused = set.certctl("render qdrant config --p2p --replicas 3");
        refused.code(1).stdout_is("");
        // The command that it names is all that is needed.
        let stderr = refused.stderr();
        let mend = stderr.lines().find_map(|line| line.strip_prefix("hint: certctl ")).unwrap();
        set.certctl(mend).code(0);

        let node = node(set, &python, "q", "--p2p --replicas 3");
        let serving = node.serve_nodes().unwrap();
        for name in NODES {
            let answer = node.dial(serving.port, name).unwrap();
            assert!(answer.contains(COLLECTION), "{name}: {answer}");
        }
        assert_eq!(serving.log(), "");
        for name in ["qdrant-3.qdrant-headless", "qdrant-0.qdrant-headless.default.svc"] {
            let refused = node.dial(serving.port, name).unwrap_err();
            assert!(refused.contains("not valid for name"), "{name}: {refused}");
        }
    });
}

#[test]
fn a_server_certificate_does_not_do_for_p2p() {
    let Some(python) = python() else { return };
    // It has the names, and is for a server alone.
    let set = Sandbox::with_gen("--key-type ecdsa:p256");
    set.certctl(&format!("issue node --key-type ecdsa:p256 {}", NODES.join(" "))).code(0);
    let flags = "--p2p --replicas 3 --identity node";
    let refused = set.certctl(&format!("render qdrant config {flags}"));
    refused.code(1).stdout_is("").stderr_has("hint: certctl renew node --usage peer\n");

    // What render keeps from happening: the same settings with that certificate.
    let peer = Sandbox::with_gen("--key-type ecdsa:p256");
    let names = NODES.join(",");
    peer.certctl(&format!("issue node --key-type ecdsa:p256 --usage peer --san {names}")).code(0);
    node(&peer, &python, "q", flags);
    let settings = yaml(&peer, &python, "q/config/production.yaml");
    for file in ["node.pem", "node.key", "ca.pem"] {
        set.write(&format!("q/tls/{file}"), set.read(file));
    }
    let node = Node::new(&set.path("q"), settings);
    let serving = node.serve_nodes().unwrap();
    let refused = node.dial(serving.port, NODES[0]).unwrap_err();
    // The server may be slower with its log than with its alert.
    wait_until(&format!("the reason of `{refused}`"), || serving.log().contains("key usage"));
}

#[test]
fn every_form_says_the_same() {
    let Some(python) = python() else { return };
    let set = Sandbox::with_gen("--key-type ecdsa:p256");
    set.certctl(&format!("renew server --usage peer --san {}", NODES.join(","))).code(0);
    let flags = "--mutual --p2p --replicas 3 --api-key --jwt-rbac --bind 10.0.0.1 --cert-ttl 60 \
                 --audit --audit-dir ./storage/log --audit-rotation hourly --audit-files 3 \
                 --audit-forwarded";
    let rendered = |form: &str| set.certctl(&format!("render qdrant {form} {flags}")).stdout();
    set.write("production.yaml", rendered("config"));
    set.write("values.yaml", rendered("helm"));
    set.write("qdrant.env", rendered("env"));
    let config = yaml(&set, &python, "production.yaml");

    assert_eq!(
        config,
        json!({
            "service": {
                "host": "10.0.0.1",
                "enable_tls": true,
                "verify_https_client_certificate": true,
                "jwt_rbac": true,
            },
            "tls": {
                "cert": "./tls/server.pem",
                "key": "./tls/server.key",
                "ca_cert": "./tls/ca.pem",
                "cert_ttl": 60,
            },
            "cluster": { "enabled": true, "p2p": { "enable_tls": true } },
            "audit": {
                "enabled": true,
                "dir": "./storage/log",
                "rotation": "hourly",
                "max_log_files": 3,
                "trust_forwarded_headers": true,
            },
        })
    );
    assert_eq!(yaml(&set, &python, "values.yaml")["config"], config);

    // A shell and Qdrant's `QDRANT__A__B` make the same of the variables.
    let script = "set -a; . ./qdrant.env; env";
    let shell = set.sh(script).stdout();
    let mut variables: Vec<&str> =
        shell.lines().filter(|line| line.starts_with("QDRANT__")).collect();
    variables.sort_unstable();
    let mut expected = Vec::new();
    flatten("QDRANT", &config, &mut expected);
    expected.sort_unstable();
    assert_eq!(variables, expected);
    let lines = set.text("qdrant.env");
    let mut bare: Vec<&str> = lines.lines().filter(|line| line.starts_with("QDRANT__")).collect();
    bare.sort_unstable();
    assert_eq!(bare, expected, "docker reads each line as it stands");
}

fn flatten(name: &str, value: &Value, variables: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                flatten(&format!("{name}__{}", field.to_ascii_uppercase()), value, variables);
            }
        }
        Value::String(text) => variables.push(format!("{name}={text}")),
        value => variables.push(format!("{name}={value}")),
    }
}

#[test]
fn a_chart_makes_of_the_values_what_they_mean() {
    let (Some(helm), Some(python)) =
        (installed("kube/helm", "helm"), installed("kube/bin/python", "kubernetes-validate"))
    else {
        return;
    };
    let set = Sandbox::with_gen("--key-type ecdsa:p256");
    let names = "db-0.db-headless,db-1.db-headless,db-2.db-headless";
    set.certctl(&format!("renew server --usage peer --san {names}")).code(0);
    let chart = fixture("qdrant/chart");
    let cases = [
        ("", "http", 1, true),
        ("--mutual --api-key", "http", 1, false),
        ("--p2p --replicas 3 --api-key --audit", "https", 3, true),
    ];
    for (flags, scheme, replicas, probed) in cases {
        println!("{flags}");
        let dir = format!("out-{replicas}-{probed}");
        set.certctl(&format!("render qdrant helm --release db {flags} --out-dir {dir}")).code(0);
        let values = format!("{dir}/values.yaml");
        let run = set.run(helm.to_str().unwrap(), &["template", "db", &chart, "-f", &values]);
        run.code(0);
        set.write("objects.yaml", run.stdout());
        let policy = format!("{dir}/network-policy.yaml");
        for file in ["objects.yaml", &policy] {
            let judge = "import sys, yaml, kubernetes_validate as judge\n\
                         for one in yaml.safe_load_all(open(sys.argv[1])):\n    \
                         judge.validate(one, '1.33', strict=True)";
            set.run(python.to_str().unwrap(), &["-c", judge, file]).code(0);
        }
        let read =
            "import json, sys, yaml; print(json.dumps([*yaml.safe_load_all(open(sys.argv[1]))]))";
        let run = set.run(python.to_str().unwrap(), &["-c", read, "objects.yaml"]);
        run.code(0);
        let objects = run.json();

        let first = format!("{scheme}://db-0.db-headless:6335");
        assert_eq!(objects[0]["data"]["first"], first);
        set.write("config.yaml", objects[0]["data"]["production.yaml"].as_str().unwrap());
        let config = yaml(&set, &python, "config.yaml");
        let values = yaml(&set, &python, &values);
        for (section, said) in values["config"].as_object().unwrap() {
            // The chart adds the port.
            let made = &config[section];
            let is_whole = said.as_object().unwrap().iter().all(|(field, said)| {
                made[field] == *said
                    || field == "p2p" && made[field]["enable_tls"] == said["enable_tls"]
            });
            assert!(is_whole, "{section}: {made} instead of {said}");
        }
        let set_of = &objects[1]["spec"];
        let container = &set_of["template"]["spec"]["containers"][0];
        assert_eq!(set_of["replicas"], replicas);
        assert_eq!(container["readinessProbe"].is_object(), probed);
        assert_eq!(container["image"], "qdrant/qdrant:v1-unprivileged");
        let context = &container["securityContext"];
        assert_eq!(
            [&context["runAsUser"], &context["readOnlyRootFilesystem"]],
            [&json!(1000), &json!(true)]
        );
        assert_eq!(container["volumeMounts"][0]["mountPath"], "/qdrant/tls");
        let volume = &set_of["template"]["spec"]["volumes"][0]["secret"];
        assert_eq!(
            [&volume["secretName"], &volume["defaultMode"]],
            [&json!("certs"), &json!(0o440)]
        );
        if flags.contains("--api-key") {
            let key = &container["env"][0]["valueFrom"]["secretKeyRef"];
            assert_eq!([&key["name"], &key["key"]], ["db-api-keys", "api-key"]);
        }
    }
}

#[test]
fn the_compose_file_is_one_by_its_schema() {
    let Some(judge) = installed("ci/bin/check-jsonschema", "check-jsonschema") else { return };
    let set = Sandbox::with_gen("--key-type ecdsa:p256");
    set.certctl(&format!("renew server --usage peer --san {}", NODES.join(","))).code(0);
    for flags in
        ["", "--mutual --bind ::1", "--p2p --replicas 3 --api-key --audit --audit-dir /log"]
    {
        println!("{flags}");
        let run = set.certctl(&format!("render qdrant compose {flags}"));
        run.code(0);
        set.write("docker-compose.yml", run.stdout());
        let args = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"];
        set.run(judge.to_str().unwrap(), &args).code(0);
    }
}

/// What the README has for Qdrant, but that the stand-in takes the place of Docker.
#[test]
fn the_recipes_of_the_readme_run() {
    let Some(python) = python().filter(|_| have(&["openssl"])) else { return };
    let set = Sandbox::new();
    // Its group needs root.
    let group = if rustix::process::getuid().is_root() { "--group 2000 " } else { "" };
    let export = format!("$CERTCTL export server --to qdrant/tls {group}--mode 0640");
    set.sh("$CERTCTL gen --cn qdrant.internal --san localhost --key-type ecdsa:p256").code(0);
    set.sh("$CERTCTL render qdrant compose --mutual --api-key --out-dir qdrant").code(0);
    set.sh(&export).code(0);
    set.sh(r#"(umask 077; echo "QDRANT_API_KEY=$(openssl rand -hex 32)" > qdrant/.env)"#).code(0);
    assert_eq!((set.mode("qdrant/.env"), set.mode("qdrant/tls/server.key")), (0o600, 0o640));

    let settings = yaml(&set, &python, "qdrant/config/production.yaml");
    let env = set.text("qdrant/.env");
    let key = env.trim().strip_prefix("QDRANT_API_KEY=").unwrap();
    let node = Node::new(&set.path("qdrant"), settings);
    for renewal in [false, true] {
        if renewal {
            let before = set.read("qdrant/tls/server.pem");
            set.sh("$CERTCTL renew --expires-within 3650d").code(0);
            set.sh(&export).code(0);
            assert_ne!(set.read("qdrant/tls/server.pem"), before);
        }
        // `docker compose up -d`, and `restart`.
        let qdrant = node.serve_rest(Some(key)).unwrap();
        let port = qdrant.port;
        let client = "$CERTCTL render qdrant-client --mutual --auth --host localhost";
        set.sh(&format!("{client} --port {port} > connect.py")).code(0);
        let python = python.display();
        set.sh(&format!("(. ./qdrant/.env; export QDRANT_API_KEY; {python} connect.py)"))
            .code(0)
            .stdout_is(&format!("['{COLLECTION}']\n"));
    }

    let names = format!("{},qdrant", NODES.join(","));
    for line in [
        &*format!("issue node --usage peer --key-type ecdsa:p256 --san {names}"),
        "-q k8s secret node --name certs --out-file certs.yaml",
        "render qdrant helm --p2p --replicas 3 --release qdrant --identity node --api-key \
         --out-dir helm",
        "render qdrant env --p2p --identity node",
    ] {
        set.certctl(line).code(0);
    }
    let secret = yaml(&set, &python, "certs.yaml");
    let values = yaml(&set, &python, "helm/values.yaml");
    assert_eq!(values["additionalVolumes"][0]["secret"]["secretName"], secret["metadata"]["name"]);
    for setting in ["cert", "key", "ca_cert"] {
        let path = values["config"]["tls"][setting].as_str().unwrap();
        let file = path.strip_prefix("./tls/").unwrap();
        assert!(secret["data"][file].is_string(), "the Secret has no {file}");
    }
}
