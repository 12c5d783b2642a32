//! `#[body(...)]`: the kind of a body, and its media type where it is not the usual one.

use super::query::{STYLES, variant};
use super::setting::{self, Setting};
use syn::{Attribute, Ident, LitStr, Meta};

/// A body.
pub(super) struct BodyArgument {
    pub(super) kind: BodyKind,
    pub(super) media_type: Option<LitStr>,
}

/// The kind of a body.
pub(super) enum BodyKind {
    Json,
    /// A form; with a style where it has values inside values.
    Form(Option<Ident>),
    Bytes,
    Multipart,
    Stream,
}

const USAGE: &str = "a body is `#[body]` (JSON), `#[body(form)]`, `#[body(form = \"brackets\")]`, `#[body(multipart)]`, \
                     `#[body(bytes)]` or `#[body(stream)]`; a media type is said as in `#[body(bytes = \"image/png\")]`";

/// Reads the attribute.
pub(super) fn read(attribute: &Attribute) -> syn::Result<BodyArgument> {
    if matches!(attribute.meta, Meta::Path(_)) {
        return Ok(BodyArgument { kind: BodyKind::Json, media_type: None });
    }
    let wrong = || syn::Error::new_spanned(attribute, USAGE);
    let settings = attribute.parse_args_with(setting::list).map_err(|_| wrong())?;
    let [setting] = &settings[..] else { return Err(wrong()) };
    let kind = match setting.name().as_str() {
        "form" => {
            // Comma lists and their like are not styles of a form.
            let styles: Vec<_> =
                STYLES.into_iter().filter(|(name, _)| matches!(*name, "repeat" | "brackets" | "indices")).collect();
            let style = setting.value.as_ref().map(|_| setting.text("form = \"brackets\"")).transpose()?;
            let style = style.map(|style| variant(&style, &styles)).transpose()?.flatten();
            return Ok(BodyArgument { kind: BodyKind::Form(style), media_type: None });
        }
        "multipart" => match &setting.value {
            None => return Ok(BodyArgument { kind: BodyKind::Multipart, media_type: None }),
            Some(value) => {
                let message = "a multipart body says its media type itself: write `#[body(multipart)]`";
                return Err(syn::Error::new(value.span(), message));
            }
        },
        "json" => BodyKind::Json,
        "bytes" => BodyKind::Bytes,
        "stream" => BodyKind::Stream,
        _ => return Err(wrong()),
    };
    Ok(BodyArgument { kind, media_type: media_type(setting)? })
}

fn media_type(setting: &Setting) -> syn::Result<Option<LitStr>> {
    if setting.value.is_none() {
        return Ok(None);
    }
    let example = format!("{} = \"application/octet-stream\"", setting.name());
    let written = setting.text(&example)?;
    let text = written.value();
    let is_media_type = text.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !is_media_type {
        return Err(syn::Error::new(written.span(), format!("`{text}` is no media type: write `{example}`")));
    }
    Ok(Some(written))
}
