//! `certctl gen`.

use crate::sandbox::Sandbox;

const SEVEN: [&str; 7] =
    ["ca.key", "ca.pem", "ca.srl", "client.key", "client.pem", "server.key", "server.pem"];

#[test]
fn the_seven_files_of_gen_sh_and_nothing_else() {
    let sandbox = Sandbox::with_gen("--cn localhost");

    assert_eq!(sandbox.files(), SEVEN);
}

#[test]
fn a_second_gen_leaves_the_first_alone() {
    let sandbox = Sandbox::with_gen("--cn localhost");
    let before = sandbox.digest();

    sandbox
        .certctl("gen --cn localhost")
        .code(1)
        .stderr_has("already exist")
        .stderr_has("certctl renew");

    assert_eq!(sandbox.digest(), before);
}
