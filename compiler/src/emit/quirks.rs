//! Quirks as expressions: one line per type.

use super::tokens::{Emit, emit_struct, emit_words};
use keyway_spec::quirks::{
    ExchangeQuirks, FollowUp, GrantType, KeepRefreshToken, LifetimeUnit, Lookup, LookupChoice, Quirks, RefreshWhen,
    RequestMethod, RequestQuirks, ResponseQuirks, RevocationQuirks, RevokedToken, SecondToken, SplitCredential,
    UnknownOutcome,
};
use proc_macro2::TokenStream;
use quote::quote;

keyway_spec::fields_of_quirks!(emit_struct);
emit_words!(RefreshWhen { Expiring, Forced, Never });
emit_words!(LifetimeUnit { Seconds, Milliseconds, Minutes });
emit_words!(UnknownOutcome { Retry, Final });
emit_struct!(whole ExchangeQuirks { request, then });
emit_struct!(whole FollowUp { request, optional });
keyway_spec::fields_of_request_quirks!(emit_struct);
emit_words!(GrantType { AuthorizationCode, RefreshToken, ClientCredentials, AccessToken, Nothing });
keyway_spec::fields_of_response_quirks!(emit_struct);
emit_words!(KeepRefreshToken { IfAbsent, Submitted, Always });
emit_words!(RequestMethod { Post, Get, Delete });
emit_struct!(update Lookup { url, headers, body, items, choose, set, take, optional });
emit_struct!(whole LookupChoice { value, label });
emit_struct!(whole RevocationQuirks { request, token });
emit_words!(RevokedToken { Refresh, Access, Both });
emit_struct!(whole SecondToken { name, from, request, optional });
emit_struct!(whole SplitCredential { credential, into });
