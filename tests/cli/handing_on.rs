//! What `k8s`, `render` and `export` have in common: what they refuse to hand on, and to write over.

use crate::sandbox::Sandbox;

const COMMANDS: [&str; 4] =
    ["render redis conf", "render curl", "export server --to tls", "render milvus compose"];

#[test]
fn what_no_service_reads_is_not_handed_on() {
    for (file, label) in [("server.pem", "x509"), ("server.key", "pkey"), ("ca.pem", "x509")] {
        let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
        let (_, der) = pem_rfc7468::decode_vec(&sandbox.read(file)).unwrap();
        sandbox.write(file, der);
        let before = sandbox.digest();

        for command in COMMANDS {
            let run = sandbox.certctl(command);
            run.code(1).stdout_is("").stderr_has(&format!("`{file}` is DER"));
            run.stderr_has(&format!("openssl {label} -in {file} -out {file}.new"));
        }
        assert_eq!(sandbox.digest(), before, "{file}");
    }
}

#[test]
fn a_leaf_is_no_ca_to_hand_on() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    for command in COMMANDS {
        let run = sandbox.certctl(&format!("--ca client.pem {command}"));
        run.code(1).stdout_is("").stderr_has("is not a CA certificate");
    }
    assert!(!sandbox.path("tls").exists());
}

#[test]
fn no_result_is_written_over_a_key_or_a_certificate() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    sandbox.write("odd.txt", sandbox.read("ca.key"));
    let before = sandbox.digest();

    for file in ["ca.key", "ca.pem", "ca.srl", "server.key", "client.pem", "odd.txt"] {
        for command in ["k8s secret", "render redis conf", "inspect", "check"] {
            let run = sandbox.certctl(&format!("{command} --out-file {file}"));
            run.code(1).stderr_has(file).stderr_has("--out-file FILE");
        }
    }
    assert_eq!(sandbox.digest(), before);
    // Its own earlier result it does write over.
    for _ in 0..2 {
        sandbox.certctl("k8s secret --out-file secret.yaml").code(0);
    }
}

#[test]
fn a_key_that_others_can_read_is_said() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    sandbox.set_mode("server.key", 0o644);
    for command in ["-o yaml k8s secret", "render milvus compose"] {
        sandbox.certctl(command).code(0).stderr_has("server.key has mode 0644");
    }
}
