//! Hands the arguments to the library, and exits with its answer.

fn main() -> std::process::ExitCode {
    certctl::run(std::env::args_os())
}
