//! The templates that `render` fills: embedded, bounded, and quoting whatever is put in.
//!
//! A value that a template prints is quoted for the language of the template, which the end of its
//! name shows. `comment` is for text behind a comment sign, and `command` for the program with its global
//! flags, which is quoted for a shell already.

mod quote;

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, syntax::SyntaxConfig,
    value::Serde,
};
use pki::x509::escape::escape_line;
use serde::Serialize;

use crate::deploy::error::{DeployError, TemplateError};
use quote::Dialect;

/// What filling one template may cost; the largest needs a hundredth of it.
const FUEL: u64 = 1_000_000;

/// The templates of one service, each by its path below `templates/`; they may include one another.
pub(crate) type Templates = [(&'static str, &'static str)];

/// Embeds templates by their paths below `templates/`.
macro_rules! templates {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $path)))),+]
    };
}
pub(crate) use templates;

/// Fills the template of that name.
pub(crate) fn fill(
    templates: &Templates,
    template: &'static str,
    facts: impl Serialize,
) -> Result<String, DeployError> {
    let filled = environment(templates).and_then(|environment| {
        environment.get_template(template)?.render(Value::from(Serde(&facts)))
    });
    filled.map_err(|error| {
        let reason = error.detail().map_or_else(|| error.to_string(), str::to_owned);
        DeployError::Template { template, source: TemplateError(reason) }
    })
}

/// Fills a template whose lines are steps: sentences, and commands for a shell.
pub(crate) fn fill_lines(
    templates: &Templates,
    template: &'static str,
    facts: impl Serialize,
) -> Result<Vec<String>, DeployError> {
    Ok(fill(templates, template, facts)?.lines().map(str::to_owned).collect())
}

fn environment(templates: &Templates) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("quoted".into()));
    environment.set_formatter(|out, state, value| {
        let text = if value.is_safe() {
            value.to_string()
        } else {
            let quoted = Dialect::of(state.name())
                .ok_or_else(|| "the language of this template is not known".to_owned())
                .and_then(|dialect| dialect.quote(value));
            quoted.map_err(|reason| minijinja::Error::new(ErrorKind::InvalidOperation, reason))?
        };
        out.write_str(&text).map_err(minijinja::Error::from)
    });
    // Commands of certctl are quoted for a shell already.
    environment.add_filter("command", |text: String| Value::from_safe_string(text));
    environment.add_filter("comment", |text: String| Value::from_safe_string(escape_line(&text)));
    for (name, source) in templates {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}
