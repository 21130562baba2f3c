//! The targets of libFuzzer, but for those of the program itself (`certctl::fuzzing`).

pub mod targets;
