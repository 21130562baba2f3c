//! `render qdrant`: what is printed to the letter, what is refused before, what `--out-dir` lays out.

use crate::{
    forge::{Forge, SEQUENCE, Tbs, pem, tlv},
    sandbox::{Run, Sandbox},
};

/// Everything that Qdrant's page names, at once.
const ALL: &str = "--mutual --p2p --replicas 2 --api-key --alt-api-key --read-only-api-key --jwt-rbac \
    --bind 10.0.0.1 --cert-ttl 60 --audit \
    --audit-rotation hourly --audit-files 3 --audit-forwarded";

const COMPOSE: &str = "--p2p --replicas 2 --mutual --read-only-api-key \
    --audit --audit-dir /var/audit --mount /tls";

const FORMS: [&str; 4] = ["config", "compose", "helm", "env"];

fn sandbox() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// With the certificate that two nodes need.
fn peers() -> Sandbox {
    let sandbox = sandbox();
    let names = "qdrant-0.qdrant-headless,qdrant-1.qdrant-headless";
    sandbox.certctl(&format!("renew server --usage peer --san {names}")).code(0);
    sandbox
}

#[test]
fn config_is_a_file_with_everything() {
    let sandbox = peers();
    sandbox.certctl(&format!("render qdrant config {ALL}")).code(0).stdout_is(
        r#"# The certificate is for: localhost, 127.0.0.1, ::1, qdrant-0.qdrant-headless, qdrant-1.qdrant-headless
service:
  host: "10.0.0.1"
  # HTTPS for REST (6333), TLS for gRPC (6334).
  enable_tls: true
  # REST asks each client for a certificate of tls.ca_cert. gRPC asks for none.
  verify_https_client_certificate: true
  # Tokens are signed with the API key: when it changes, all tokens become invalid.
  jwt_rbac: true

tls:
  cert: "./tls/server.pem"
  key: "./tls/server.key"
  # The CA that Qdrant trusts for client certificates and nodes. Without this line it accepts any
  # certificate of a server from which it fetches a snapshot.
  ca_cert: "./tls/ca.pem"
  # Seconds until REST reads a renewed certificate and key. gRPC and p2p read them when Qdrant restarts.
  # It reads one file after the other: do not renew faster than this.
  cert_ttl: 60

cluster:
  enabled: true
  p2p:
    # Port 6335 asks for a certificate of tls.ca_cert and never for an API key: any client certificate of
    # that CA has all rights of a node. Only the nodes may reach this port.
    enable_tls: true

# A line for each request: it grows fast.
audit:
  enabled: true
  dir: "./storage/audit"
  rotation: "hourly"
  # The oldest is deleted when there is one more.
  max_log_files: 3
  # Set to true only behind a trusted proxy: otherwise clients choose the logged address.
  trust_forwarded_headers: true

# API keys come from the environment of Qdrant, which has priority over this file:
#   QDRANT__SERVICE__API_KEY: may do everything
#   QDRANT__SERVICE__ALT_API_KEY: the next API key, as good as the first while clients change over
#   QDRANT__SERVICE__READ_ONLY_API_KEY: may only read
# None of them may be missing or empty: Qdrant would start and accept requests without a key.

# Then:
#   have this file as config/production.yaml below the directory that Qdrant starts in
#   where Qdrant, as user 1000:2000, finds it as ./tls, as root: certctl export server --to tls --group 2000 --mode 0640
#   start it: RUN_MODE=production ./qdrant
#   after `certctl renew` export again: REST takes it within 60 s; for gRPC and p2p: start it again
"#,
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "it shows a whole file")]
fn compose_is_a_hardened_service_for_each_node() {
    let sandbox = peers();
    sandbox.certctl(&format!("render qdrant compose {COMPOSE}")).code(0).stdout_is(
        r#"# Mounts ./config/production.yaml, which is what `certctl render qdrant config` prints for the same flags
# without --bind, and ./tls; --out-dir writes all of them. The certificate is for:
# localhost, 127.0.0.1, ::1, qdrant-0.qdrant-headless, qdrant-1.qdrant-headless
services:
  "qdrant-0":
    # The image that does not run as root.
    image: "qdrant/qdrant:${QDRANT_VERSION:-v1.18.2}-unprivileged"
    command:
      - ./entrypoint.sh
      - --uri
      - "https://qdrant-0.qdrant-headless:6335"
    restart: unless-stopped
    user: "1000:2000"
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    environment:
      # In a volume: all other directories are read-only.
      QDRANT_INIT_FILE_PATH: ./storage/.qdrant-initialized
      # may only read; from the shell or .env, and Compose starts nothing without it.
      "QDRANT__SERVICE__READ_ONLY_API_KEY": "${QDRANT_READ_ONLY_API_KEY:?}"
    ports:
      - target: 6333
        published: "6333"
        host_ip: "127.0.0.1"
      # Not 6334: gRPC asks for no client certificate, and Qdrant has no API key (--api-key).
    networks:
      qdrant:
        aliases: ["qdrant-0.qdrant-headless"]
    volumes:
      - type: bind
        source: ./config/production.yaml
        target: /qdrant/config/production.yaml
        read_only: true
        # Docker would create an empty directory for a missing path, and Qdrant would start without TLS.
        bind: { create_host_path: false }
      - type: bind
        source: ./tls
        target: "/tls"
        read_only: true
        bind: { create_host_path: false }
      - type: volume
        source: "qdrant-0-storage"
        target: /qdrant/storage
      - type: volume
        source: "qdrant-0-snapshots"
        target: /qdrant/snapshots
      # A named volume would belong to root where the image has no such directory.
      - type: bind
        source: "./qdrant-0-audit"
        target: "/var/audit"
        bind: { create_host_path: false }
  "qdrant-1":
    # The image that does not run as root.
    image: "qdrant/qdrant:${QDRANT_VERSION:-v1.18.2}-unprivileged"
    command:
      - ./entrypoint.sh
      - --uri
      - "https://qdrant-1.qdrant-headless:6335"
      - --bootstrap
      - "https://qdrant-0.qdrant-headless:6335"
    restart: unless-stopped
    user: "1000:2000"
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    environment:
      # In a volume: all other directories are read-only.
      QDRANT_INIT_FILE_PATH: ./storage/.qdrant-initialized
      # may only read; from the shell or .env, and Compose starts nothing without it.
      "QDRANT__SERVICE__READ_ONLY_API_KEY": "${QDRANT_READ_ONLY_API_KEY:?}"
    networks:
      qdrant:
        aliases: ["qdrant-1.qdrant-headless"]
    volumes:
      - type: bind
        source: ./config/production.yaml
        target: /qdrant/config/production.yaml
        read_only: true
        # Docker would create an empty directory for a missing path, and Qdrant would start without TLS.
        bind: { create_host_path: false }
      - type: bind
        source: ./tls
        target: "/tls"
        read_only: true
        bind: { create_host_path: false }
      - type: volume
        source: "qdrant-1-storage"
        target: /qdrant/storage
      - type: volume
        source: "qdrant-1-snapshots"
        target: /qdrant/snapshots
      # A named volume would belong to root where the image has no such directory.
      - type: bind
        source: "./qdrant-1-audit"
        target: "/var/audit"
        bind: { create_host_path: false }

networks:
  qdrant:
    # Qdrant needs no outgoing connections: without masquerading it gets no replies from outside, but the
    # published ports still work. If all clients are containers of this network, remove `ports` and set
    # `internal: true` instead: that blocks all outgoing packets, and Docker publishes no ports of it.
    driver_opts:
      com.docker.network.bridge.enable_ip_masquerade: "false"

volumes:
  "qdrant-0-storage":
  "qdrant-0-snapshots":
  "qdrant-1-storage":
  "qdrant-1-snapshots":

# Then:
#   so that the container, as user 1000:2000, can read the key, as root: certctl export server --to tls --group 2000 --mode 0640
#   32 random characters or more, into .env of mode 0600: QDRANT_READ_ONLY_API_KEY=…
#   for the audit log, as root: install -d -o 1000 -g 2000 qdrant-0-audit qdrant-1-audit
#   docker compose up -d
#   after `certctl renew` export again: REST takes it within 3600 s; for gRPC and p2p: docker compose restart
"#,
    );
}

#[test]
fn helm_is_values_of_the_chart() {
    let sandbox = peers();
    sandbox.certctl(&format!("render qdrant helm {ALL}")).code(0).stdout_is(
        r#"# The certificate is for: localhost, 127.0.0.1, ::1, qdrant-0.qdrant-headless, qdrant-1.qdrant-headless

# With this the nodes are named qdrant-0.qdrant-headless … whatever the name of the release is.
fullnameOverride: "qdrant"
replicaCount: 2

image:
  useUnprivilegedImage: true

# The chart's defaults: not root, and only the volumes are writable.
containerSecurityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 2000
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
podSecurityContext:
  fsGroup: 3000

# The kubelet has no client certificate: with the probe, a pod would never be ready.
readinessProbe:
  enabled: false

additionalVolumes:
  - name: certs
    secret:
      secretName: "certs"
      # 0440: for the group of the pod (fsGroup).
      defaultMode: 288
additionalVolumeMounts:
  - name: certs
    mountPath: "/qdrant/tls"
    readOnly: true

# Not the chart's `apiKey`: without a Secret (helm template, Argo CD) the chart leaves the key out. With
# these lines the pod does not start without it.
env:
  - name: "QDRANT__SERVICE__API_KEY"
    valueFrom:
      secretKeyRef:
        name: "qdrant-api-keys"
        key: "api-key"
  - name: "QDRANT__SERVICE__ALT_API_KEY"
    valueFrom:
      secretKeyRef:
        name: "qdrant-api-keys"
        key: "alt-api-key"
  - name: "QDRANT__SERVICE__READ_ONLY_API_KEY"
    valueFrom:
      secretKeyRef:
        name: "qdrant-api-keys"
        key: "read-only-api-key"

config:
  service:
    host: "10.0.0.1"
    # HTTPS for REST (6333), TLS for gRPC (6334).
    enable_tls: true
    # REST asks each client for a certificate of tls.ca_cert. gRPC asks for none.
    verify_https_client_certificate: true
    # Tokens are signed with the API key: when it changes, all tokens become invalid.
    jwt_rbac: true

  tls:
    cert: "./tls/server.pem"
    key: "./tls/server.key"
    # The CA that Qdrant trusts for client certificates and nodes. Without this line it accepts any
    # certificate of a server from which it fetches a snapshot.
    ca_cert: "./tls/ca.pem"
    # Seconds until REST reads a renewed certificate and key. gRPC and p2p read them when Qdrant restarts.
    # It reads one file after the other: do not renew faster than this.
    cert_ttl: 60

  cluster:
    enabled: true
    p2p:
      # Port 6335 asks for a certificate of tls.ca_cert and never for an API key: any client certificate of
      # that CA has all rights of a node. Only the nodes may reach this port.
      enable_tls: true

  # A line for each request: it grows fast.
  audit:
    enabled: true
    dir: "./storage/audit"
    rotation: "hourly"
    # The oldest is deleted when there is one more.
    max_log_files: 3
    # Set to true only behind a trusted proxy: otherwise clients choose the logged address.
    trust_forwarded_headers: true

# Then:
#   certctl k8s secret server --name certs -o yaml | kubectl apply --server-side -f -
#   each file with 32 random characters or more and no newline: kubectl create secret generic qdrant-api-keys --from-file=api-key --from-file=alt-api-key --from-file=read-only-api-key
#   helm repo add qdrant https://qdrant.github.io/qdrant-helm
#   helm upgrade --install qdrant qdrant/qdrant -f values.yaml
#   so that only the nodes reach 6335, and no node connects to the outside (--out-dir writes it): kubectl apply -f network-policy.yaml
#   after `certctl renew` apply the Secret again: REST takes it within 60 s; for gRPC and p2p: kubectl rollout restart statefulset/qdrant
"#,
    );
}

#[test]
fn env_is_the_same_in_variables() {
    let sandbox = peers();
    sandbox.certctl(&format!("render qdrant env {ALL}")).code(0).stdout_is(
        r"# The certificate is for: localhost, 127.0.0.1, ::1, qdrant-0.qdrant-headless, qdrant-1.qdrant-headless

# HTTPS for REST (6333), TLS for gRPC (6334).
QDRANT__SERVICE__ENABLE_TLS=true
QDRANT__SERVICE__HOST=10.0.0.1
# REST asks each client for a certificate of the CA below. gRPC asks for none.
QDRANT__SERVICE__VERIFY_HTTPS_CLIENT_CERTIFICATE=true
# Tokens are signed with the API key: when it changes, all tokens become invalid.
QDRANT__SERVICE__JWT_RBAC=true
QDRANT__TLS__CERT=./tls/server.pem
QDRANT__TLS__KEY=./tls/server.key
# Without it Qdrant accepts any certificate of a server from which it fetches a snapshot.
QDRANT__TLS__CA_CERT=./tls/ca.pem
# Seconds until REST reads a renewed certificate and key. gRPC and p2p read them when Qdrant restarts. It
# reads one file after the other: do not renew faster than this.
QDRANT__TLS__CERT_TTL=60
# Port 6335 asks for a certificate of the CA and never for an API key: any client certificate of that CA
# has all rights of a node. Only the nodes may reach this port.
QDRANT__CLUSTER__ENABLED=true
QDRANT__CLUSTER__P2P__ENABLE_TLS=true
# A line for each request: it grows fast. The oldest file is deleted when there are more files than this.
QDRANT__AUDIT__ENABLED=true
QDRANT__AUDIT__DIR=./storage/audit
QDRANT__AUDIT__ROTATION=hourly
QDRANT__AUDIT__MAX_LOG_FILES=3
# Set to true only behind a trusted proxy: otherwise clients choose the logged address.
QDRANT__AUDIT__TRUST_FORWARDED_HEADERS=true

# API keys are not in this file. Put them into another file that only Qdrant can read, or into the
# environment. Without them Qdrant starts and asks for no key; an empty value has the same effect.
#   QDRANT__SERVICE__API_KEY: may do everything
#   QDRANT__SERVICE__ALT_API_KEY: the next API key, as good as the first while clients change over
#   QDRANT__SERVICE__READ_ONLY_API_KEY: may only read

# Then:
#   so that Qdrant, as user 1000:2000, can read the key, as root: certctl export server --to tls --group 2000 --mode 0640
#   32 random characters or more, into keys.env of mode 0600: QDRANT__SERVICE__API_KEY=…
#   32 random characters or more, into keys.env of mode 0600: QDRANT__SERVICE__ALT_API_KEY=…
#   32 random characters or more, into keys.env of mode 0600: QDRANT__SERVICE__READ_ONLY_API_KEY=…
#   set -a; . ./qdrant.env; . ./keys.env; set +a; ./qdrant
#   after `certctl renew` export again: REST takes it within 60 s; for gRPC and p2p: start it again
",
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of all that may be wrong")]
fn what_does_not_fit_is_told_before_anything_is_printed() {
    type Prepare<'a> = &'a dyn Fn(&Sandbox);
    let none = |_: &Sandbox| {};
    let gen_sh = |sandbox: &Sandbox| {
        for file in ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"] {
            sandbox.put(&format!("gen-sh/{file}"), file);
        }
    };
    let strange = |sandbox: &Sandbox| {
        sandbox.remove("ca.pem");
        sandbox.put("gen-sh/ca.pem", "ca.pem");
    };
    let named = |sandbox: &Sandbox| {
        let names = "a-0.a-headless,a-1.a-headless";
        sandbox.certctl(&format!("renew server --san {names}")).code(0);
    };
    let wild = |sandbox: &Sandbox| {
        let args = ["renew", "server", "--usage", "peer", "--san", "*.qdrant-headless.svc"];
        sandbox.certctl_args(&args).code(0);
    };
    let all = "qdrant-0.qdrant-headless,qdrant-1.qdrant-headless,qdrant-2.qdrant-headless,\
               qdrant-3.qdrant-headless";
    let renew = |what: &str| format!("hint: certctl renew server {what}\n");
    let cases: [(&str, Prepare<'_>, &str, &[&str]); 12] = [
        (
            "gen.sh's client pair is for servers",
            &gen_sh,
            "--mutual",
            &[
                "`client.pem` ",
                "--mutual needs a client certificate",
                "certctl renew client --usage client",
            ],
        ),
        (
            "a client pair cannot serve",
            &none,
            "--identity client",
            &["`client.pem` ", "certctl renew client --usage server"],
        ),
        (
            "a server's certificate for p2p, without the names",
            &none,
            "--p2p --replicas 4",
            &[
                "`server.pem` is for a server alone and is not for `qdrant-0.qdrant-headless`, \
                 `qdrant-1.qdrant-headless`, `qdrant-2.qdrant-headless`, 1 more: ",
                &renew(&format!("--usage peer --san {all}")),
            ],
        ),
        (
            "a server's certificate for p2p, with the names",
            &named,
            "--p2p --replicas 2 --release a",
            &["`server.pem` is for a server alone: in p2p ", &renew("--usage peer")],
        ),
        (
            "nobody says how many nodes",
            &none,
            "--p2p",
            &["`server.pem` is for a server alone: in p2p ", &renew("--usage peer")],
        ),
        (
            "a name is missing",
            &|sandbox| {
                sandbox.certctl("renew server --usage peer --san a-0.a-headless").code(0);
            },
            "--p2p --replicas 2 --release a",
            &["`server.pem` is not for `a-1.a-headless`: ", &renew("--san a-1.a-headless")],
        ),
        (
            "no wildcard matches the short names",
            &wild,
            "--p2p --replicas 1",
            &["is not for `qdrant-0.qdrant-headless`", &renew("--san qdrant-0.qdrant-headless")],
        ),
        (
            "an identity for p2p is not there",
            &none,
            "--p2p --replicas 1 --identity node",
            &[
                "`node.pem` is not there",
                "hint: certctl issue node --usage peer --san qdrant-0.qdrant-headless\n",
            ],
        ),
        (
            "an identity is not there",
            &none,
            "--identity node",
            &["`node.pem` is not there", "hint: certctl issue node HOST\n"],
        ),
        (
            "a client is not there, and the server cannot be a node",
            &none,
            "--mutual --client app --p2p",
            &[
                "`server.pem` is for a server alone",
                "`app.pem` is not there",
                "certctl issue app --usage client",
            ],
        ),
        ("another CA", &strange, "", &["`server.pem` ", "`--ca FILE`"]),
        (
            "the key is another's",
            &|sandbox| sandbox.write("server.key", sandbox.read("client.key")),
            "",
            &["private key `server.key` does not belong to certificate `server.pem`"],
        ),
    ];
    for (row, prepare, flags, said) in cases {
        let sandbox = sandbox();
        prepare(&sandbox);
        let before = sandbox.digest();
        for place in FORMS.map(str::to_owned).into_iter().chain(["helm --out-dir out".to_owned()]) {
            println!("{row}: {place}");
            let run = sandbox.certctl(&format!("render qdrant {place} {flags}"));
            run.code(1).stdout_is("");
            for part in said {
                run.stderr_has(part);
            }
            assert_eq!(sandbox.digest(), before, "{row}");
        }
    }
}

/// What the hint names is all that is needed.
#[test]
fn one_command_makes_a_server_a_node() {
    let sandbox = sandbox();
    for identity in ["server", "node"] {
        let line =
            format!("render qdrant helm --p2p --replicas 3 --release db --identity {identity}");
        let stderr = sandbox.certctl(&line).code(1).stderr();
        let hint = stderr.lines().find_map(|line| line.strip_prefix("hint: certctl ")).unwrap();
        sandbox.certctl(&format!("{hint} --key-type ecdsa:p256")).code(0);
        sandbox.certctl(&line).code(0).stdout_has("replicaCount: 3\n");
    }
}

#[test]
fn a_key_that_rustls_with_ring_does_not_know_is_told() {
    // A point of P-521 (1.3.132.0.35), which no browser and neither ring signs with.
    let curve = [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 5, 0x2B, 0x81, 4, 0, 0x23];
    let point = [&[0, 4][..], &[1; 132]].concat();
    let spki = tlv(SEQUENCE, &[tlv(SEQUENCE, &curve), tlv(3, &point)].concat());
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    sandbox.certctl("render qdrant config --mutual").code(0);
    for (file, key, flags) in
        [("server.pem", "server.key", ""), ("client.pem", "client.key", "--mutual")]
    {
        let pristine = sandbox.read(file);
        let secret = sandbox.read(key);
        let tbs = Tbs::read(&sandbox, file).with(6, spki.clone());
        sandbox.write(file, pem("CERTIFICATE", &Forge::of(&sandbox).sign(&tbs)));
        sandbox.remove(key);
        let run = sandbox.certctl(&format!("render qdrant config {flags}"));
        run.code(1).stdout_is("").stderr_has(&format!("`{file}` has a key that Qdrant"));
        run.stderr_has("ecdsa:p521").stderr_has("--key-type ecdsa:p256");
        sandbox.write(file, pristine);
        sandbox.write(key, secret);
        sandbox.set_mode(key, 0o600);
    }
}

#[test]
fn what_qdrant_docker_or_kubernetes_would_not_take_is_refused_at_the_flag() {
    let sandbox = sandbox();
    let cases: [(&str, &[&str], &str); 22] = [
        ("config", &["--replicas", "3"], "--p2p"),
        ("config", &["--p2p", "--replicas", "0"], "1..=999"),
        ("config", &["--p2p", "--replicas", "1000"], "1..=999"),
        ("config", &["--p2p", "--release", "A"], "a release is"),
        ("config", &["--release", "a'b"], "a release is"),
        ("config", &["--alt-api-key"], "--api-key"),
        ("config", &["--jwt-rbac"], "--api-key"),
        ("config", &["--audit-dir", "x"], "--audit"),
        ("config", &["--audit", "--audit-files", "0"], "0 is not in"),
        ("config", &["--audit", "--audit-rotation", "weekly"], "daily, hourly"),
        ("config", &["--audit-forwarded"], "--audit"),
        ("config", &["--cert-ttl", "0"], "0 is not in"),
        ("config", &["--bind", "localhost"], "invalid IP address"),
        ("config", &["--secret", "A"], "a Secret's name is"),
        ("config", &["--mount", ""], "--mount is empty"),
        ("config", &["--mount", "/tls\n"], "U+000A"),
        ("compose", &["--mount", "."], "Qdrant itself is there"),
        ("compose", &["--mount", "./storage"], "Qdrant itself is there"),
        ("helm", &["--mount", "/"], "Qdrant itself is there"),
        ("helm", &["--mount", "/{{ .Release }}"], "the chart would run"),
        ("helm", &["--mount", "/a:b"], "Kubernetes takes no `:`"),
        ("helm", &["--bind", "::1"], "no client reaches a pod there"),
    ];
    for (form, flags, said) in cases {
        let args = [&["render", "qdrant", form][..], flags].concat();
        sandbox.certctl_args(&args).code(2).stdout_is("").stderr_has(said);
    }
    // Docker, a shell and systemd would each read it otherwise.
    let run = sandbox.certctl_args(&["render", "qdrant", "env", "--mount", "/a b"]);
    run.code(1).stdout_is("").stderr_has("`/a b/server.pem` cannot stand in a file of environment");
}

#[test]
fn hostile_values_stay_values() {
    let hostile = "a\"b'c {{ x }} #d --- !!python/object:e $(f) $G";
    let sandbox = Sandbox::new();
    sandbox
        .certctl_args(&["gen", "--key-type", "ecdsa:p256", "--cn", hostile, "localhost"])
        .code(0);
    for form in ["config", "compose"] {
        let args =
            ["render", "qdrant", form, "--audit", "--audit-dir", hostile, "--mount", hostile];
        let run = sandbox.certctl_args(&args);
        let document: serde_json::Value = serde_saphyr::from_str(&run.code(0).stdout()).unwrap();
        if form == "config" {
            assert_eq!(document["audit"]["dir"], hostile);
            assert_eq!(document["tls"]["key"], format!("{hostile}/server.key"));
        } else {
            let volumes = &document["services"]["qdrant"]["volumes"];
            let shown = format!("/qdrant/{}", hostile.replace('$', "$$"));
            assert_eq!([&volumes[1]["target"], &volumes[4]["target"]], [&*shown, &*shown]);
        }
    }
}

#[test]
fn out_dir_is_ready_to_be_started_and_holds_no_ca_key() {
    let cases: [(&str, &[&str]); 4] = [
        ("config", &["config/production.yaml"]),
        ("compose", &["config/production.yaml", "docker-compose.yml"]),
        ("helm", &["network-policy.yaml", "values.yaml"]),
        ("env", &["qdrant.env"]),
    ];
    for (form, texts) in cases {
        let sandbox = sandbox();
        let line = format!("render qdrant {form} --mutual --api-key --out-dir out/eu");
        let printed = sandbox.certctl(&line.replace(" --out-dir out/eu", "")).code(0).stdout();
        let run = sandbox.certctl(&line);
        run.code(0).stdout_has("Wrote out/eu:\n").stdout_has("\nThen:\n");
        let files: Vec<String> = sandbox
            .files()
            .into_iter()
            .filter_map(|file| file.strip_prefix("out/eu/").map(str::to_owned))
            .collect();
        let mut expected: Vec<&str> = texts.to_vec();
        expected.extend(["tls/ca.pem", "tls/server.key", "tls/server.pem"]);
        expected.sort_unstable();
        assert_eq!(files, expected, "{form}");
        for file in &files {
            let mode = if file.strip_suffix(".key").is_some() { 0o600 } else { 0o644 };
            assert_eq!(sandbox.mode(&format!("out/eu/{file}")), mode, "{file}");
        }
        for file in ["ca.pem", "server.key", "server.pem"] {
            assert_eq!(sandbox.read(&format!("out/eu/tls/{file}")), sandbox.read(file), "{file}");
        }
        if form != "helm" && form != "compose" {
            let file = format!("out/eu/{}", texts[0]);
            let laid_out = sandbox.text(&file).replace("--to out/eu/tls", "--to tls");
            assert_eq!(laid_out, printed, "{form}");
        }
        if form == "compose" {
            let bound =
                line.replace("api-key", "api-key --bind 0.0.0.0").replace("out/eu", "other");
            sandbox.certctl(&bound).code(0);
            let text = sandbox.text("other/docker-compose.yml");
            assert!(text.contains("host_ip: \"0.0.0.0\""), "{text}");
            // In the container it listens on all addresses, or nothing could be published.
            assert!(!sandbox.text("other/config/production.yaml").contains("host:"));
        }
        // Again, after a renewal; and never over what somebody has edited.
        sandbox.certctl("renew server --key-type ecdsa:p256").code(0);
        sandbox.certctl(&line).code(0);
        assert_eq!(sandbox.read("out/eu/tls/server.pem"), sandbox.read("server.pem"));
        sandbox.write(&format!("out/eu/{}", texts[0]), "edited");
        sandbox.certctl(&line).code(1).stdout_is("").stderr_has("already exist");
        assert_eq!(sandbox.text(&format!("out/eu/{}", texts[0])), "edited");
    }
}

#[test]
fn json_tells_files_steps_and_notes() {
    let sandbox = sandbox();
    let document = sandbox.certctl("-o json render qdrant env").json();
    assert_eq!(document["schema"], "certctl.render/2");
    assert_eq!([&document["service"], &document["form"]], ["qdrant", "env"]);
    assert_eq!(document["files"][0]["path"], "qdrant.env");
    let printed = sandbox.certctl("render qdrant env").stdout();
    assert_eq!(document["files"][0]["content"], printed);
    assert_eq!(document["steps"].as_array().unwrap().len(), 3);
    assert_eq!(document["notes"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_worth_knowing_is_said() {
    let sandbox = peers();
    let open = "accepts every client that reaches it";
    let grpc = "gRPC (6334) asks for no client certificate";
    let names = "the names of the nodes were not checked";
    let lost = "the audit log is below no volume";
    let cases: [(&str, &[&str]); 9] = [
        ("config", &[open]),
        ("config --read-only-api-key", &[]),
        ("config --mutual", &[grpc]),
        ("config --mutual --api-key", &[]),
        ("compose --p2p --api-key", &[names]),
        ("compose --p2p --replicas 2 --api-key", &[]),
        ("helm --api-key --audit --audit-dir /var/audit", &[lost]),
        ("helm --api-key --audit --audit-dir /qdrant/storage/audit", &[]),
        ("compose --api-key --audit --audit-dir ./storage-audit", &[]),
    ];
    for (flags, said) in cases {
        let run: Run = sandbox.certctl(&format!("render qdrant {flags}"));
        run.code(0);
        for note in [open, grpc, names, lost] {
            assert_eq!(run.stderr().contains(note), said.contains(&note), "{flags}: {note}");
        }
        assert_eq!(run.stderr().lines().count(), said.len(), "{flags}");
    }
    // Beside the volumes it could not be written to.
    let audit = "render qdrant compose --audit --audit-dir ./storage-audit";
    let volume = "source: \"./qdrant-audit\"\n        target: \"/qdrant/storage-audit\"\n";
    sandbox.certctl(audit).code(0).stdout_has(volume);
    let audit = "render qdrant compose --audit";
    sandbox.certctl(audit).code(0).stdout_lacks("qdrant-audit");
}

#[test]
fn no_form_holds_a_key() {
    let sandbox = peers();
    let keys = ["server.key", "client.key", "ca.key"].map(|file| sandbox.text(file));
    for form in FORMS {
        let run = sandbox
            .command()
            .args(["render", "qdrant", form])
            .args(ALL.split_whitespace())
            .env("QDRANT_API_KEY", "t0p-s3cret")
            .env("QDRANT__SERVICE__API_KEY", "t0p-s3cret")
            .output()
            .unwrap();
        assert!(run.status.success(), "{form}");
        let said = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
        assert!(!said.contains("t0p-s3cret") && !said.contains("PRIVATE"), "{form}: {said}");
        let lines = keys.iter().flat_map(|key| key.lines()).filter(|line| line.len() > 16);
        for line in lines.filter(|line| !line.starts_with('-')) {
            assert!(!said.contains(line), "{form} holds a line of a key");
        }
    }
}
