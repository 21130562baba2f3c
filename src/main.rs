//! Passes the arguments to the library, and exits with its exit code.

fn main() -> std::process::ExitCode {
    certctl::run(std::env::args_os())
}
