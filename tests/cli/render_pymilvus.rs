//! `render pymilvus`: what is printed to the letter, and what is refused before.

use crate::sandbox::Sandbox;

#[test]
fn one_way_trusts_the_ca_and_says_why() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("render pymilvus").code(0).stderr_is("").stdout_is(
        r#"# Milvus over TLS with pymilvus: pip install pymilvus
from pymilvus import MilvusClient

client = MilvusClient(
    uri="https://localhost:19530",
    secure=True,
    # The CA, not server.pem: that file changes with each renewal, and then clients that trust it fail.
    # pymilvus uses ca_pem_path only with a client certificate.
    server_pem_path="ca.pem",
    # The name that the server's certificate must contain, whatever host the uri has.
    server_name="localhost",
)
print(client.list_collections())
# After `certctl renew` there is nothing to do here: the CA stays.
"#,
    );
}

#[test]
fn two_way_shows_a_pair_and_the_token_comes_from_the_environment() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 db.example 10.0.0.7");
    let line = "render pymilvus --mutual --auth --port 443 --host 10.0.0.7 --mount /etc/app";
    sandbox.certctl(line).code(0).stderr_is("").stdout_is(
        r#"# Milvus over TLS with pymilvus: pip install pymilvus
import os

from pymilvus import MilvusClient

client = MilvusClient(
    uri="https://10.0.0.7:443",
    secure=True,
    client_pem_path="/etc/app/client.pem",
    client_key_path="/etc/app/client.key",
    ca_pem_path="/etc/app/ca.pem",
    # The name that the server's certificate must contain, whatever host the uri has.
    server_name="10.0.0.7",
    # user:password, initially root:Milvus. From the environment: neither the file nor the list of processes shows it.
    token=os.environ["MILVUS_TOKEN"],
)
print(client.list_collections())
# After `certctl renew` bring client.pem and client.key here again. The next run takes them.
"#,
    );
}

#[test]
fn what_pymilvus_would_fail_with_is_told_before_anything_is_printed() {
    let gen_sh = Sandbox::with_fixtures("gen-sh");
    let run = gen_sh.certctl("render pymilvus --mutual");
    run.code(1).stdout_is("").stderr_has("certctl renew client --usage client");

    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let run = sandbox.certctl("render pymilvus --mutual --out-dir app");
    run.code(1).stdout_is("").stderr_is(
        "error: the certificates do not meet the requirements
  because: `server.pem` has an ed25519 key, which clients of gRPC refuse
  because: `client.pem` has an ed25519 key, which clients of gRPC refuse
hint: certctl renew server --key-type ecdsa:p256
hint: certctl renew client --key-type ecdsa:p256
",
    );
    assert!(!sandbox.path("app").exists());
    // What signed them may be of any kind.
    sandbox.certctl("renew --key-type ecdsa:p256").code(0);
    sandbox.certctl("render pymilvus --mutual").code(0).stderr_is("");
}

#[test]
fn out_dir_is_a_program_with_its_files() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("render pymilvus --mutual --out-dir app").code(0);
    let mut files = sandbox.files();
    files.retain(|file| file.starts_with("app/"));
    // Not pymilvus.py, which `import pymilvus` would find.
    let expected = ["ca.pem", "client.key", "client.pem", "connect.py"];
    assert_eq!(files, expected.map(|file| format!("app/{file}")));
    let text = sandbox.text("app/connect.py");
    assert!(text.contains("client_key_path=\"client.key\",\n"), "{text}");
}
