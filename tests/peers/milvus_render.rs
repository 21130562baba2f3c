//! `render milvus` and `render pymilvus` before those who read it: a real Milvus and its client
//! (milvus_render.sh), helm, the operator's CRD, kubectl, PyYAML.

use std::{
    fs,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    helm,
    peer::{fixture, installed, set},
    sandbox::{Run, Sandbox},
};

#[test]
fn milvus_runs_on_what_was_rendered_and_the_snippet_reaches_it() {
    let set = set("ecdsa:p256");
    let mut script = Command::new("timeout");
    // Its own limit, for it has to end what it started.
    script.args(["--kill-after=20", "280", &fixture("milvus_render.sh")]).arg(set.dir());
    let output = script.env("CERTCTL", env!("CARGO_BIN_EXE_certctl")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let judged = said.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(judged == 9 || said.starts_with("skipped: no "), "{said}");
    print!("{said}");
}

/// All settings at once, and one by one.
const FLAGS: [&str; 4] = [
    "",
    "--mutual --http-port 443",
    "--internal --auth --super-user a_1",
    "--mutual --internal --auth --super-user root,foo",
];

/// What the settings have to come to.
fn settings(mount: &str, flags: &str) -> Value {
    let has = |flag| flags.contains(flag);
    let paths = json!({
        "serverPemPath": format!("{mount}/server.pem"),
        "serverKeyPath": format!("{mount}/server.key"),
        "caPemPath": format!("{mount}/ca.pem"),
    });
    let mut settings = json!({
        "proxy": { "http": { "port": if has("443") { 443 } else { 8080 } } },
        "tls": paths,
        "common": { "security": { "tlsMode": if has("--mutual") { 2 } else { 1 } } },
    });
    let security = &mut settings["common"]["security"];
    if has("--internal") {
        security["internaltlsEnabled"] = true.into();
    }
    if has("--auth") {
        security["authorizationEnabled"] = true.into();
        security["superUsers"] = if has("root,foo") { "root,foo" } else { "a_1" }.into();
    }
    if has("--internal") {
        settings["internaltls"] = paths;
        settings["internaltls"]["sni"] = "localhost".into();
    }
    settings
}

fn certctl(sandbox: &Sandbox, flags: &str, more: &[&str]) -> String {
    let words = [flags.split_whitespace().collect(), more.to_vec()].concat();
    sandbox.certctl_args(&[&["render", "milvus"], words.as_slice()].concat()).code(0).stdout()
}

/// Mounts without colons, which Kubernetes refuses, and certctl.
///
/// Nothing that a mount holds gets out of its place: neither in YAML 1.1, nor in a second template engine,
/// nor behind the `$` of Compose.
const MOUNTS: [&str; 10] = [
    "/milvus/tls",
    "/a\"b'c`d",
    "/a\nb\n---\nd",
    "/{{ .Values }}{{- end }}",
    "/{% raw %}{# no #}",
    "/a # b",
    "/!!python/object/apply",
    "/$HOME/${X}/$$",
    "/\u{2028}\u{a0}\u{feff}\\n\t",
    "/ü/書/🙂",
];

#[test]
fn every_form_is_what_was_asked_for_to_pyyaml_and_helm() {
    let sandbox = set("ecdsa:p256");
    let [.., all] = FLAGS;
    let plain = FLAGS.map(|flags| (flags, MOUNTS[0]));
    let hostile = MOUNTS.map(|mount| (all, mount));
    for (flags, mount) in plain.into_iter().chain(hostile) {
        let row = format!("{flags} --mount {mount:?}");
        let expected = settings(mount, flags);
        let read = |form: &str| {
            let text = certctl(&sandbox, &format!("{form} {flags}"), &["--mount", mount]);
            helm::yaml(&sandbox, &text)
        };
        let Some(compose) = read("compose") else { return };
        assert_eq!(compose, std::slice::from_ref(&expected), "compose {row}");

        let operator = read("operator").unwrap();
        assert_eq!(operator.len(), 1, "operator {row}");
        let spec = &operator[0]["spec"];
        assert_eq!(spec["config"], expected, "operator {row}");
        let mounts = json!([{ "name": "certs", "mountPath": mount, "readOnly": true }]);
        let volumes = json!([{ "name": "certs", "secret": { "secretName": "certs" } }]);
        assert_eq!(spec["components"]["volumeMounts"], mounts, "operator {row}");
        assert_eq!(spec["components"]["volumes"], volumes, "operator {row}");

        let values = certctl(&sandbox, &format!("helm {flags}"), &["--mount", mount]);
        sandbox.write("values.yaml", &values);
        let Some(manifests) = helm::template(&sandbox, "milvus", "values.yaml") else { return };
        let file = manifests.one("ConfigMap")["data"]["user.yaml"].as_str().unwrap();
        assert_eq!(helm::yaml(&sandbox, file).unwrap(), [expected], "helm {row}");
        let pod = &manifests.one("Pod")["spec"];
        assert_eq!(pod["containers"][0]["volumeMounts"][1], mounts[0], "helm {row}");
        assert_eq!(pod["volumes"][1], volumes[0], "helm {row}");
    }
}

#[test]
fn the_override_mounts_what_was_laid_out() {
    let sandbox = set("ecdsa:p256");
    for mount in MOUNTS {
        certctl(&sandbox, "compose --http-port 443", &["--mount", mount, "--out-dir", "out"]);
        let text = sandbox.text("out/docker-compose.override.yml");
        let Some(read) = helm::yaml(&sandbox, &text) else { return };
        let [read] = &*read else { panic!("{text}") };
        let standalone = &read["services"]["standalone"];
        assert_eq!(standalone["ports"], json!([{ "target": 443, "published": "443" }]));
        let bind = |source, target: &str| json!({ "type": "bind", "source": source, "target": target, "read_only": true });
        // Compose makes one `$` of two.
        let folder = "${DOCKER_VOLUME_DIRECTORY:-.}";
        let expected = json!([
            bind(format!("{folder}/tls"), &mount.replace('$', "$$")),
            bind(format!("{folder}/milvus.yaml"), "/milvus/configs/user.yaml"),
        ]);
        assert_eq!(standalone["volumes"], expected, "{mount:?}");
        fs::remove_dir_all(sandbox.path("out")).unwrap();
    }
}

#[test]
fn the_resource_holds_against_the_crd_and_kubectl_reads_it() {
    let sandbox = set("ecdsa:p256");
    let Some(python) = installed("ci/bin/python", "jsonschema") else { return };
    let Some(kubectl) = installed("kube/kubectl", "kubectl") else { return };
    for flags in FLAGS {
        let text = certctl(&sandbox, &format!("operator {flags}"), &[]);
        sandbox.write("milvus.yaml", &text);
        let crd = fixture("../fixtures/crds/milvus.json");
        let judge = [fixture("kubernetes/crd.py"), crd, "milvus.yaml".to_owned()];
        Run::of(Command::new(&python).args(judge).current_dir(sandbox.dir()).stdin(Stdio::null()))
            .code(0)
            .stdout_has("Milvus");
        let line = "label --local -f milvus.yaml -o json read=yes";
        let run = Run::of(
            Command::new(&kubectl)
                .args(line.split(' '))
                .current_dir(sandbox.dir())
                .env("HOME", sandbox.dir())
                .stdin(Stdio::null()),
        );
        let read = run.code(0).json();
        assert_eq!(read["spec"]["config"], settings("/certs", flags), "{flags}");
        assert_eq!(read["metadata"]["name"], "my-release");
    }
}

#[test]
fn the_snippet_is_the_same_program_whatever_the_mount_holds() {
    let sandbox = set("ecdsa:p256");
    let Some(python) = installed("kube/bin/python", "python") else { return };
    let script = "import ast, json, sys\n\
        call = ast.parse(open(sys.argv[1]).read()).body[1].value\n\
        json.dump({word.arg: ast.literal_eval(word.value) for word in call.keywords}, sys.stdout)";
    for mount in ["/etc/app", "/a\"b'c`d", "/{{ 7*7 }}", "/a # b", "/\\n\\", "/%s{x}$HOME", "/ü🙂"]
    {
        let args = ["render", "pymilvus", "--mutual", "--mount", mount];
        sandbox.write("connect.py", sandbox.certctl_args(&args).code(0).stdout());
        let mut read = Command::new(&python);
        let run = Run::of(read.args(["-c", script, "connect.py"]).current_dir(sandbox.dir()));
        let expected = json!({
            "uri": "https://localhost:19530",
            "secure": true,
            "client_pem_path": format!("{mount}/client.pem"),
            "client_key_path": format!("{mount}/client.key"),
            "ca_pem_path": format!("{mount}/ca.pem"),
            "server_name": "localhost",
        });
        assert_eq!(run.code(0).json(), expected, "{mount:?}");
    }
}
