//! certctl from outside: exact exit codes, what it says, and what it leaves in the directory.

mod sandbox;

mod r#gen;
