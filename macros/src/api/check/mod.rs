//! Whether the parts of a method agree: the path with the arguments, the body with the verb, the answer with the rest.
//!
//! One finding for one mistake.

mod call;
mod path;

use super::Found;
use super::method::Method;

/// The problems of a method as a whole.
pub(super) fn method(method: &Method, is_dyn: bool) -> Found {
    match method {
        Method::Endpoint(endpoint) => {
            let of_dyn = if is_dyn { call::dyn_compatible(endpoint) } else { Found::new() };
            let of_call = [call::bodies(endpoint), call::answer(endpoint), call::repeated(endpoint)].concat();
            [path::agrees(endpoint), of_call, of_dyn].concat()
        }
        Method::Provided(_) => Found::new(),
    }
}
