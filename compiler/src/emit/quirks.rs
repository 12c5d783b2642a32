//! Quirks as expressions: one line per type.

use super::tokens::{Emit, emit_struct, emit_words};
use keyway_spec::quirks::{
    ExchangeQuirks, FollowUp, GrantType, KeepRefreshToken, Quirks, RefreshWhen, RequestQuirks, ResponseQuirks,
    SecondToken, SplitCredential, UnknownOutcome,
};
use proc_macro2::TokenStream;
use quote::quote;

emit_struct!(update Quirks {
    authorization_config_params, code, refresh, refresh_when, invalid_grant_codes, unknown_outcome, also, introspect,
    split,
});
emit_words!(RefreshWhen { Expiring, Forced, Never });
emit_words!(UnknownOutcome { Retry, Final });
emit_struct!(whole ExchangeQuirks { request, then });
emit_struct!(whole FollowUp { request, optional });
emit_struct!(update RequestQuirks {
    grant, url, get, body_format, client_auth, client_assertion, params, order, query, headers, scope_separator,
    response,
});
emit_words!(GrantType { AuthorizationCode, RefreshToken, ClientCredentials, AccessToken, Nothing });
emit_struct!(update ResponseQuirks {
    status, success_if, error_if, root, token, refresh_token, expires_at, expires_in, lifetime, keep_access_token,
    keep_refresh_token,
});
emit_words!(KeepRefreshToken { IfAbsent, Submitted, Always });
emit_struct!(whole SecondToken { name, from, request, optional });
emit_struct!(whole SplitCredential { credential, into });
