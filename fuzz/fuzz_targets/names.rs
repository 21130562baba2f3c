#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| certctl_fuzz::targets::names(input));
