//! One file per feature: what is known of a document and a place go in, values of the protocol come out.
//!
//! Nothing here waits, sends, or keeps anything.

mod actions;
mod completion;
mod definition;
pub(crate) mod diagnostics;
mod hover;
mod names;
mod silence;
mod symbols;

use super::protocol::{self, At};
use super::session::{Client, View};
use lsp_types::request::{self, Request};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions, HoverProviderCapability,
    InitializeResult, OneOf, ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
};
use serde_json::Value;

/// A feature: parameters in, result out; an error where the parameters are no such ones.
pub(crate) type Feature = fn(&View<'_>, Value) -> serde_json::Result<Value>;

/// The feature that a method asks for.
pub(crate) fn of(method: &str) -> Option<Feature> {
    match method {
        request::CodeActionRequest::METHOD => {
            Some(|view, params| serde_json::to_value(actions::at(view, &protocol::read(params)?)))
        }
        request::Completion::METHOD => {
            Some(|view, params| serde_json::to_value(completion::at(view, protocol::read::<At>(params)?.position)))
        }
        request::HoverRequest::METHOD => {
            Some(|view, params| serde_json::to_value(hover::at(view, protocol::read::<At>(params)?.position)))
        }
        request::GotoDefinition::METHOD => {
            Some(|view, params| serde_json::to_value(definition::at(view, protocol::read::<At>(params)?.position)))
        }
        request::DocumentSymbolRequest::METHOD => Some(|view, _| symbols::of(view)),
        _ => None,
    }
}

/// The server's capabilities for a client.
pub(crate) fn capabilities(client: &Client) -> InitializeResult {
    let capabilities = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([":", " ", "{", ".", "["].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    InitializeResult { capabilities, server_info: Some(ServerInfo { name: "keyway".to_owned(), version }) }
}
