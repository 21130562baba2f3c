//! Words that several reports share.

use std::path::Path;

use pki::x509::escape::thousands;

use crate::path_text::PathText as _;

/// ` in pki`, for the directory of a result; nothing for the current one.
pub(super) fn place(directory: &Path) -> String {
    match directory.shown() {
        here if here == "." => String::new(),
        there => format!(" in {there}"),
    }
}

/// `2 not valid, 1 due`: the counts above zero.
pub(super) fn reason(counts: &[(usize, &str)]) -> String {
    let some = counts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> =
        some.map(|(number, what)| format!("{} {what}", thousands(*number))).collect();
    parts.join(", ")
}

/// Names without their kinds, in one line; `None` if there are none.
pub(super) fn bare_names(names: &[String]) -> Option<String> {
    let bare = |name: &String| name.split_once(':').map_or(name.clone(), |(_, name)| name.into());
    (!names.is_empty()).then(|| names.iter().map(bare).collect::<Vec<_>>().join(", "))
}
