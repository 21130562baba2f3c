//! `render milvus`: what is printed to the letter, what is refused before, what `--out-dir` lays out.

use crate::sandbox::{Sandbox, fixtures};

/// Everything that the pages of Milvus name, at once.
const ALL: &str = "--mutual --internal --auth --super-user root --super-user foo";

fn sandbox() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

#[test]
fn compose_is_the_settings_and_says_where_they_go() {
    let sandbox = sandbox();
    sandbox.certctl("render milvus compose").code(0).stderr_is("").stdout_is(
        r#"proxy:
  http:
    # REST cannot use the port of gRPC, which stays 19530.
    port: 8080
tls:
  serverPemPath: "/milvus/tls/server.pem"
  serverKeyPath: "/milvus/tls/server.key"
  caPemPath: "/milvus/tls/ca.pem"
common:
  security:
    # Clients verify the server and need no certificate (2: they need one).
    tlsMode: 1

# These are changes to the settings in the image. Milvus reads user.yaml on top of its milvus.yaml; as
# milvus.yaml, this file would remove all other settings. With Milvus 2.3, or if you already have a whole
# milvus.yaml, add these lines to it.
#
# In docker-compose.yml, below the service standalone:
#   ports:
#     - "8080:8080"
#   volumes:
#     - "${DOCKER_VOLUME_DIRECTORY:-.}/tls:/milvus/tls:ro"
#     - "${DOCKER_VOLUME_DIRECTORY:-.}/milvus.yaml:/milvus/configs/user.yaml:ro"
#
# Then:
#   certctl export server --to tls
#   docker compose up -d
#   certctl render pymilvus
#   after each renewal, for Milvus reads certificates at its start alone:
#   certctl export server --to tls
#   docker compose restart standalone
"#,
    );

    let all = sandbox.certctl(&format!("render milvus compose {ALL} --http-port 8443"));
    let settings = all.code(0).stderr_is("").stdout();
    let (settings, _) = settings.split_once("\n# These are changes").unwrap();
    assert_eq!(
        settings,
        r#"proxy:
  http:
    # REST cannot use the port of gRPC, which stays 19530.
    port: 8443
tls:
  serverPemPath: "/milvus/tls/server.pem"
  serverKeyPath: "/milvus/tls/server.key"
  caPemPath: "/milvus/tls/ca.pem"
internaltls:
  serverPemPath: "/milvus/tls/server.pem"
  serverKeyPath: "/milvus/tls/server.key"
  caPemPath: "/milvus/tls/ca.pem"
  # The server name between components: a SAN of the certificate.
  sni: "localhost"
common:
  security:
    # Clients must have a certificate for clientAuth, signed by ca.pem.
    tlsMode: 2
    # One-way TLS: a component verifies the other's certificate, and sends none itself.
    internaltlsEnabled: true
    # Clients log in as well, also over REST. The first password of root is Milvus.
    authorizationEnabled: true
    # These users reset passwords without the old one.
    superUsers: "root,foo"
"#
    );
}

#[test]
fn operator_is_a_milvus_resource() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 localhost my-release-milvus");
    let line = format!("render milvus operator {ALL}");
    sandbox.certctl(&line).code(0).stderr_is("").stdout_is(
        r#"apiVersion: milvus.io/v1beta1
kind: Milvus
metadata:
  name: "my-release"
  labels:
    app: milvus
spec:
  config:
    proxy:
      http:
        # REST cannot use the port of gRPC, which stays 19530.
        port: 8080
    tls:
      serverPemPath: "/certs/server.pem"
      serverKeyPath: "/certs/server.key"
      caPemPath: "/certs/ca.pem"
    internaltls:
      serverPemPath: "/certs/server.pem"
      serverKeyPath: "/certs/server.key"
      caPemPath: "/certs/ca.pem"
      # The server name between components: a SAN of the certificate.
      sni: "localhost"
    common:
      security:
        # Clients must have a certificate for clientAuth, signed by ca.pem.
        tlsMode: 2
        # One-way TLS: a component verifies the other's certificate, and sends none itself.
        internaltlsEnabled: true
        # Clients log in as well, also over REST. The first password of root is Milvus.
        authorizationEnabled: true
        # These users reset passwords without the old one.
        superUsers: "root,foo"
  components:
    volumes:
      - name: certs
        secret:
          secretName: "certs"
    volumeMounts:
      - name: certs
        mountPath: "/certs"
        readOnly: true

# Then:
#   certctl k8s secret server --name certs | kubectl apply --server-side -f -
#   kubectl create -f milvus.yaml
#   kubectl logs --tail=-1 -l app.kubernetes.io/instance=my-release,app.kubernetes.io/name=milvus | grep 'Internal TLS Enabled'
#   certctl render pymilvus --mutual --auth
#   after each renewal, for Milvus reads certificates at its start alone:
#   certctl k8s secret server --name certs | kubectl apply --server-side -f -
#   kubectl rollout restart deployment -l app.kubernetes.io/instance=my-release,app.kubernetes.io/name=milvus
"#,
    );
}

#[test]
fn helm_is_values_with_the_settings_as_a_file() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 localhost db-milvus");
    let line = "render milvus helm --release db --secret db.tls --mount /tls --http-port 9999";
    sandbox.certctl(line).code(0).stderr_is("").stdout_is(
        r#"extraConfigFiles:
  user.yaml: |
    proxy:
      http:
        # REST cannot use the port of gRPC, which stays 19530.
        port: 9999
    tls:
      serverPemPath: "/tls/server.pem"
      serverKeyPath: "/tls/server.key"
      caPemPath: "/tls/ca.pem"
    common:
      security:
        # Clients verify the server and need no certificate (2: they need one).
        tlsMode: 1
volumes:
  - name: certs
    secret:
      secretName: "db.tls"
volumeMounts:
  - name: certs
    mountPath: "/tls"
    readOnly: true

# Then:
#   certctl k8s secret server --name db.tls | kubectl apply --server-side -f -
#   helm repo add milvus https://zilliztech.github.io/milvus-helm/
#   helm repo update milvus
#   helm install db milvus/milvus -f values.yaml
#   certctl render pymilvus
#   after each renewal, for Milvus reads certificates at its start alone:
#   certctl k8s secret server --name db.tls | kubectl apply --server-side -f -
#   kubectl rollout restart deployment -l app.kubernetes.io/instance=db,app.kubernetes.io/name=milvus
"#,
    );
}

#[test]
fn other_identities_give_their_names_to_files_and_steps() {
    let sandbox = Sandbox::new();
    for line in [
        "gen --key-type ecdsa:p256",
        "issue milvus.eu db.example --key-type ecdsa:p256",
        "issue app --usage client --key-type ecdsa:p256",
    ] {
        sandbox.certctl(line).code(0);
    }
    let run = sandbox
        .certctl("render milvus compose --identity milvus.eu --mutual --client app --internal");
    for line in [
        "  serverPemPath: \"/milvus/tls/milvus.eu.pem\"",
        "  serverKeyPath: \"/milvus/tls/milvus.eu.key\"",
        "  sni: \"db.example\"",
        "#   certctl export milvus.eu --to tls",
        "#   certctl render pymilvus --mutual --client app --identity milvus.eu",
        "#   docker compose logs standalone | grep 'Internal TLS Enabled'",
    ] {
        run.code(0).stdout_has(&format!("{line}\n"));
    }
    let run = sandbox.certctl("render milvus operator --identity milvus.eu --release db");
    run.code(0)
        .stdout_has("#   certctl k8s secret milvus.eu --name certs |")
        .stderr_has(
            "clients in the cluster connect to `db-milvus`, which is not a SAN of milvus.eu.pem",
        )
        .stderr_has("`certctl renew milvus.eu --san db-milvus`");
    let run = sandbox.certctl("render milvus helm --release my-milvus");
    run.code(0).stderr_has(
        "clients in the cluster connect to `my-milvus`, which is not a SAN of server.pem",
    );
}

#[test]
fn a_common_name_that_is_no_host_is_no_sni() {
    let cases = [
        ("My Milvus", "db.example", "db.example"),
        ("*.db.example", "db.example", "db.example"),
        ("10.0.0.7", "db.example", "10.0.0.7"),
        ("bücher.example", "db.example", "xn--bcher-kva.example"),
        ("a@b.example", "db.example", "db.example"),
    ];
    for (common_name, host, sni) in cases {
        let sandbox = Sandbox::new();
        let args = ["gen", "--key-type", "ecdsa:p256", "--cn", common_name, host];
        sandbox.certctl_args(&args).code(0);
        let run = sandbox.certctl("render milvus compose --internal");
        run.code(0).stdout_has(&format!("  sni: \"{sni}\"\n"));
    }
}

/// Makes the directory one that does not fit.
type Prepare<'a> = &'a dyn Fn(&Sandbox);

#[test]
fn what_does_not_fit_is_told_before_anything_is_printed() {
    let none = |_: &Sandbox| {};
    let gen_sh = |sandbox: &Sandbox| {
        for file in ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"] {
            sandbox.put(&format!("gen-sh/{file}"), file);
        }
    };
    let nameless = |sandbox: &Sandbox| {
        sandbox.certctl("renew server --san other.example --drop-san localhost").code(0);
    };
    let wildcard = |sandbox: &Sandbox| {
        sandbox
            .certctl_args(&["issue", "wild", "*.db.example", "--key-type", "ecdsa:p256"])
            .code(0);
    };
    let strange = |sandbox: &Sandbox| {
        sandbox.remove("ca.pem");
        sandbox.put("gen-sh/ca.pem", "ca.pem");
    };
    let cases: [(&str, Prepare<'_>, &str, &[&str]); 9] = [
        (
            "gen.sh's client pair is for servers",
            &gen_sh,
            "compose --mutual",
            &[
                "`client.pem` ",
                "tlsMode 2 needs a client certificate",
                "certctl renew client --usage client",
            ],
        ),
        (
            "a client pair cannot serve",
            &none,
            "operator --identity client",
            &[
                "`client.pem` ",
                "Milvus needs a server certificate",
                "certctl renew client --usage server",
            ],
        ),
        (
            "the common name is in no SAN",
            &nameless,
            "helm --internal",
            &["`server.pem` is not for `localhost`", "certctl renew server --san 'localhost'"],
        ),
        (
            "without internal TLS nobody asks for it",
            &nameless,
            "helm --internal --mutual --client server",
            &[
                "`server.pem` is not for `localhost`",
                "tlsMode 2 needs a client certificate",
                "certctl renew server --usage peer",
            ],
        ),
        (
            "a wildcard is no name to call by",
            &wildcard,
            "compose --internal --identity wild",
            &[
                "`wild.pem` has no name that `internaltls.sni` could be",
                "certctl renew wild --san HOST",
            ],
        ),
        ("another CA", &strange, "compose", &["`server.pem` ", "`--ca FILE`"]),
        ("no such identity", &none, "compose --identity other", &["`other.pem`"]),
        ("no such client", &none, "compose --mutual --client other", &["`other.pem`"]),
        (
            "the key is another's",
            &|sandbox: &Sandbox| sandbox.write("server.key", sandbox.read("client.key")),
            "compose",
            &["private key `server.key` does not belong to certificate `server.pem`"],
        ),
    ];
    for (row, prepare, args, said) in cases {
        let sandbox = sandbox();
        prepare(&sandbox);
        let before = sandbox.digest();
        for place in ["", " --out-dir out"] {
            println!("{row}{place}");
            let run = sandbox.certctl(&format!("render milvus {args}{place}"));
            run.code(1).stdout_is("");
            for part in said {
                run.stderr_has(part);
            }
            assert_eq!(sandbox.digest(), before, "{row}");
        }
    }
}

#[test]
fn what_milvus_or_kubernetes_would_not_take_is_refused_at_the_flag() {
    let sandbox = sandbox();
    let long_user = "u".repeat(33);
    let long_release = "r".repeat(54);
    let cases: [(&[&str], &str); 20] = [
        (&["--super-user", "root"], "--auth"),
        (&["--auth", "--super-user", ""], "a user of Milvus is a letter"),
        (&["--auth", "--super-user", "1st"], "a user of Milvus is a letter"),
        (&["--auth", "--super-user", "a-b"], "a user of Milvus is a letter"),
        (&["--auth", "--super-user", "root, foo"], "a user of Milvus is a letter"),
        (&["--auth", "--super-user", "ä"], "a user of Milvus is a letter"),
        (&["--auth", "--super-user", &long_user], "at most 32"),
        (&["--http-port", "0"], "from 1 to 65535"),
        (&["--http-port", "65536"], "from 1 to 65535"),
        (&["--http-port", "19530"], "gRPC on 19530"),
        (&["--http-port", "9091"], "metrics on 9091"),
        (&["--release", "My"], "a release is"),
        (&["--release", "1a"], "a release is"),
        (&["--release", "a-"], "a release is"),
        (&["--release", &long_release], "at most 53"),
        (&["--secret", "a_b"], "a Secret's name is"),
        (&["--secret", "a..b"], "a Secret's name is"),
        (&["--mount", "tls"], "an absolute path without `:`"),
        (&["--mount", "/a:/b"], "an absolute path without `:`"),
        (&["--mount", "/"], "an absolute path without `:`"),
    ];
    for (flags, said) in cases {
        for form in ["compose", "helm"] {
            let args = [&["render", "milvus", form][..], flags].concat();
            sandbox.certctl_args(&args).code(2).stdout_is("").stderr_has(said);
        }
    }
    let longest = "u".repeat(32);
    let users = format!("render milvus compose --auth --super-user root,{longest},root,A_1");
    let list = format!("    superUsers: \"root,{longest},A_1\"\n");
    sandbox.certctl(&users).code(0).stdout_has(&list);
}

#[test]
fn keys_that_clients_of_grpc_refuse_are_said() {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let run = sandbox.certctl("render milvus compose --mutual");
    run.code(0).stdout_has("tlsMode: 2");
    for (file, mend) in [
        ("server.pem", "certctl renew server --key-type ecdsa:p256"),
        ("client.pem", "certctl renew client --key-type ecdsa:p256"),
    ] {
        run.stderr_has(&format!("`{file}` has an ed25519 key")).stderr_has(&format!("`{mend}`"));
    }
    sandbox.certctl("-q render milvus compose").code(0).stderr_is("");
}

#[test]
fn out_dir_is_ready_to_be_mounted_and_holds_no_ca_key() {
    let sandbox = sandbox();
    let printed = |form: &str| sandbox.certctl(&format!("render milvus {form}")).stdout();
    let before = sandbox.digest();
    sandbox.certctl("render milvus compose --out-dir out/eu").code(0).stderr_is("").stdout_is(
        "Wrote out/eu:

  milvus.yaml
  docker-compose.override.yml
  tls/server.key
  tls/server.pem
  tls/ca.pem

Then:
  beside docker-compose.yml of Milvus, which belongs into this directory:
  docker compose up -d
  certctl render pymilvus
  after each renewal, for Milvus reads certificates at its start alone:
  the same `certctl render` again, and there:
  docker compose restart standalone
",
    );
    let settings = |text: String| text.split_once("\n# Then:").unwrap().0.to_owned();
    assert_eq!(settings(sandbox.text("out/eu/milvus.yaml")), settings(printed("compose")));
    assert_eq!(
        sandbox.text("out/eu/docker-compose.override.yml"),
        r#"services:
  standalone:
    ports:
      - target: 8080
        published: "8080"
    volumes:
      - type: bind
        source: ${DOCKER_VOLUME_DIRECTORY:-.}/tls
        target: "/milvus/tls"
        read_only: true
      - type: bind
        source: ${DOCKER_VOLUME_DIRECTORY:-.}/milvus.yaml
        target: /milvus/configs/user.yaml
        read_only: true
"#
    );
    let mut laid: Vec<String> = sandbox.files();
    laid.retain(|file| !before.contains_key(file));
    let expected = [
        "docker-compose.override.yml",
        "milvus.yaml",
        "tls/ca.pem",
        "tls/server.key",
        "tls/server.pem",
    ];
    assert_eq!(laid, expected.map(|file| format!("out/eu/{file}")));
    for (file, mode) in
        [("milvus.yaml", 0o644), ("tls/server.key", 0o600), ("tls/server.pem", 0o644)]
    {
        assert_eq!(sandbox.mode(&format!("out/eu/{file}")), mode, "{file}");
    }
    for file in ["server.pem", "server.key", "ca.pem"] {
        assert_eq!(sandbox.read(&format!("out/eu/tls/{file}")), sandbox.read(file), "{file}");
    }

    // The settings are as they were: renewed certificates are all that a second run brings.
    sandbox.certctl("renew server").code(0);
    sandbox.certctl("render milvus compose --out-dir out/eu").code(0);
    assert_eq!(sandbox.read("out/eu/tls/server.pem"), sandbox.read("server.pem"));
    assert_eq!(sandbox.read("out/eu/tls/server.key"), sandbox.read("server.key"));

    for (form, file) in [("operator", "milvus.yaml"), ("helm", "values.yaml")] {
        let run = sandbox.certctl(&format!("render milvus {form} --out-dir {form}"));
        run.code(0).stdout_has("  kubectl create secret generic certs --from-file=server.pem --from-file=server.key --from-file=ca.pem --dry-run=client -o yaml | kubectl apply --server-side -f -\n");
        let laid: Vec<String> =
            sandbox.files().into_iter().filter(|file| file.starts_with(form)).collect();
        let mut expected =
            ["ca.pem", file, "server.key", "server.pem"].map(|file| format!("{form}/{file}"));
        expected.sort();
        assert_eq!(laid, expected);
    }
}

#[test]
fn settings_that_somebody_edited_are_left_alone() {
    let sandbox = sandbox();
    for file in ["milvus.yaml", "docker-compose.override.yml"] {
        sandbox.certctl("render milvus compose --out-dir out").code(0);
        let ours = sandbox.read(&format!("out/{file}"));
        sandbox.write(&format!("out/{file}"), "mine: true\n");
        sandbox.certctl("renew server").code(0);
        let before = sandbox.digest();
        sandbox
            .certctl("render milvus compose --out-dir out")
            .code(1)
            .stdout_is("")
            .stderr_has(&format!("`out/{file}` already exists"))
            .stderr_has("--out-dir");
        assert_eq!(sandbox.digest(), before, "{file}");
        sandbox.write(&format!("out/{file}"), ours);
    }
}

#[test]
fn json_holds_the_files_and_the_steps_and_no_key() {
    let sandbox = sandbox();
    let answer = sandbox.certctl("-o json render milvus compose --auth").code(0).json();
    assert_eq!(answer["schema"], "certctl.render/2");
    assert_eq!((&answer["service"], &answer["form"]), (&"milvus".into(), &"compose".into()));
    assert_eq!(answer["files"][0]["path"], "milvus.yaml");
    assert_eq!(answer["files"][1]["path"], "docker-compose.override.yml");
    let text = sandbox.certctl("render milvus compose --auth").stdout();
    assert_eq!(answer["files"][0]["content"], text.as_str());
    assert_eq!(answer["steps"][0], "certctl export server --to tls");

    let answer = sandbox.certctl("-o json render milvus compose --out-dir out").code(0).json();
    assert_eq!(answer["directory"], "out");
    assert_eq!(answer["files"][2]["path"], "out/tls/server.key");
    assert!(!answer.to_string().contains("PRIVATE KEY"));
}

/// But for Docker, which tests/peers stands in for.
#[test]
fn the_recipes_of_the_readme_are_taken() {
    let readme = include_str!("../../README.md");
    for recipe in ["the first connection", "a renewal", "kubernetes"] {
        let (_, rest) = readme.split_once(&format!("<!-- milvus: {recipe} -->\n```sh\n")).unwrap();
        let (commands, _) = rest.split_once("```").unwrap();
        let ours: Vec<String> = commands
            .lines()
            .filter(|line| line.starts_with("certctl "))
            .map(|line| line.replace("certctl ", "\"$CERTCTL\" "))
            .collect();
        assert!(ours.len() >= 2, "{commands}");
        let sandbox = Sandbox::new();
        if recipe == "a renewal" {
            sandbox.certctl("gen --key-type ecdsa:p256 --days 7 --cn milvus.internal").code(0);
        }
        sandbox.sh(&ours.join("\n").replace(" gen ", " gen --key-type ecdsa:p256 ")).code(0);
        if recipe == "a renewal" {
            assert_eq!(sandbox.read("milvus/tls/server.pem"), sandbox.read("server.pem"));
        }
    }
}

/// A mount that tries to break out of YAML, of a comment, of Compose and of a second template engine;
/// each as the settings must have it.
const HOSTILE: [(&str, &str); 9] = [
    ("/a\"b", r#"/a\"b"#),
    ("/a'b", "/a'b"),
    ("/a\nb", r"/a\u000ab"),
    ("/a\n---\nb", r"/a\u000a---\u000ab"),
    ("/{{ 7*7 }}", r"/{\u007b 7*7 }}"),
    ("/{% raw %}", "/{% raw %}"),
    ("/a # b", "/a # b"),
    ("/!!python/object", "/!!python/object"),
    ("/\u{2028}\u{85}\\n", r"/\u2028\u0085\\n"),
];

#[test]
fn a_hostile_mount_stays_one_value_in_every_form() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 localhost my-release-milvus");
    for form in ["compose", "operator", "helm"] {
        let run = |mount: &str| {
            let args = ["render", "milvus", form, "--internal", "--mount", mount];
            sandbox.certctl_args(&args).code(0).stdout()
        };
        let plain = run("/plain");
        for (mount, quoted) in HOSTILE {
            let expected = plain.replace("\"/plain", &format!("\"{quoted}"));
            let hostile = run(mount);
            let settings = |text: &str| text.split_once("\n\n# ").unwrap().0.to_owned();
            assert_eq!(settings(&hostile), settings(&expected), "{form} {mount:?}");
            // Behind the comment signs, too, a line stays a line.
            let comments = hostile.split_once("\n\n# ").unwrap().1;
            let loose = comments.lines().skip(1).find(|line| !line.starts_with('#'));
            assert_eq!(loose, None, "{form} {mount:?}");
        }
    }
    for (mount, quoted) in HOSTILE {
        sandbox.certctl_args(&[
            "render",
            "milvus",
            "compose",
            "--out-dir",
            "out",
            "--mount",
            mount,
        ]);
        let line = format!("        target: \"{quoted}\"\n");
        let file = sandbox.text("out/docker-compose.override.yml");
        assert!(file.contains(&line), "{mount:?}: {file}");
        std::fs::remove_dir_all(sandbox.path("out")).unwrap();
    }
    // Compose would put a variable there.
    let args = ["render", "milvus", "compose", "--out-dir", "out", "--mount", "/$HOME/${X}"];
    sandbox.certctl_args(&args).code(0);
    let file = sandbox.text("out/docker-compose.override.yml");
    assert!(file.contains("        target: \"/$$HOME/$${X}\"\n"), "{file}");
    assert!(sandbox.text("out/milvus.yaml").contains("\"/$HOME/${X}/server.pem\"\n"));
}

/// `safe` prints a value as it is. The templates use it for nothing but what was quoted before.
#[test]
fn no_template_of_milvus_leaves_out_the_quotes() {
    let templates = fixtures().join("../../templates");
    let mut files = vec![templates.join("clients/pymilvus.py")];
    files.extend(
        std::fs::read_dir(templates.join("milvus")).unwrap().map(|file| file.unwrap().path()),
    );
    assert!(files.len() >= 6);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let allowed = "{% filter indent(4, true)|safe %}\n{% include \"milvus/settings.yaml\" %}\n{% endfilter %}";
        let rest = text.replace(allowed, "");
        let code: String = rest
            .split("{#")
            .map(|part| part.split_once("#}").map_or(part, |(_, rest)| rest))
            .collect();
        for word in ["safe", "autoescape", "escape", "{% filter", "{% set"] {
            assert!(!code.contains(word), "{}: {word}", file.display());
        }
        // No quotes around what is quoted already.
        assert!(!code.contains("\"{{") && !code.contains("'{{"), "{}", file.display());
    }
}
