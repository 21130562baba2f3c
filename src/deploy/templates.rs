//! The templates that `render` fills: embedded, bounded, and quoting whatever is put in.
//!
//! A value that a template prints is quoted for the language of the template, which the end of its
//! name shows. A template that needs a bare value must say so, and none does; `comment` is for text
//! behind a comment sign.

mod quote;

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, syntax::SyntaxConfig,
    value::Serde,
};
use serde::Serialize;

use quote::Dialect;

/// What filling one template may cost; the largest needs a hundredth of it.
const FUEL: u64 = 1_000_000;

/// The templates of one service, each by its path below `templates/`; they may include one another.
pub(crate) type Templates = [(&'static str, &'static str)];

/// Why a template could not be filled: a value that its language has no quoting for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct TemplateError(String);

/// Fills the template of that name.
pub(crate) fn fill(
    templates: &Templates,
    name: &str,
    facts: impl Serialize,
) -> Result<String, TemplateError> {
    let failed = |error: minijinja::Error| {
        TemplateError(error.detail().map_or_else(|| error.to_string(), str::to_owned))
    };
    let environment = environment(templates).map_err(failed)?;
    let filled = environment
        .get_template(name)
        .and_then(|template| template.render(Value::from(Serde(&facts))));
    filled.map_err(failed)
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
    environment.set_auto_escape_callback(|name| {
        Dialect::of(name)
            .map_or(AutoEscape::None, |dialect| AutoEscape::Custom(dialect.name().into()))
    });
    environment.set_formatter(|out, state, value| {
        if value.is_safe() {
            return out.write_str(&value.to_string()).map_err(minijinja::Error::from);
        }
        let AutoEscape::Custom(name) = state.auto_escape() else {
            return Err(refused("the language of this template is not known"));
        };
        let dialect = Dialect::named(name)
            .ok_or_else(|| refused("the language of this template is not known"))?;
        let quoted = dialect.quote(value).map_err(|reason| refused(&reason))?;
        out.write_str(&quoted).map_err(minijinja::Error::from)
    });
    environment
        .add_filter("comment", |text: String| Value::from_safe_string(quote::comment(&text)));
    for (name, source) in templates {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

fn refused(reason: &str) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, reason.to_owned())
}
