//! Faults that a person orders, as text: `token=503`, `page=cut`, `read=slow:2s`, `call=limited:3`.
//!
//! Reading order: [`place`] (the request that it is for), [`effect`] (its effect). Both list all that is possible where
//! something else is given.

mod effect;
mod place;

pub use place::FaultPlace;

use keyway_simulator::{EndpointKind, InjectedFault, Simulator};
use keyway_spec::ProviderSpec;
use std::fmt;
use std::str::FromStr;

/// A fault of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultOrder {
    /// The request.
    pub place: FaultPlace,
    /// The fault.
    pub fault: InjectedFault,
    /// The text that orders it.
    text: String,
}

impl FaultOrder {
    /// The endpoint that it happens at; an error where an entry has no such request.
    pub fn endpoint(&self, spec: &ProviderSpec) -> Result<EndpointKind, String> {
        self.place.endpoint(spec).ok_or_else(|| self.has_no_request(spec))
    }

    /// Orders it of a vendor: it happens to the next request of its kind.
    pub fn give(&self, vendor: &mut Simulator, spec: &ProviderSpec) -> Result<(), String> {
        vendor.next(self.endpoint(spec)?, self.fault);
        Ok(())
    }

    fn has_no_request(&self, spec: &ProviderSpec) -> String {
        let there = FaultPlace::ALL.into_iter().filter(|place| place.endpoint(spec).is_some());
        let there: Vec<&str> = there.map(FaultPlace::name).collect();
        format!("`{}` has no request `{}`; it has: {}", spec.key, self.place.name(), there.join(", "))
    }
}

impl FromStr for FaultOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<FaultOrder, String> {
        let (place, effect) = text.split_once('=').ok_or_else(|| {
            format!("`{text}` is no fault such as `token=503`: {}; {}", place::possible(), effect::possible())
        })?;
        Ok(FaultOrder { place: place.parse()?, fault: effect::parse(effect)?, text: text.to_owned() })
    }
}

impl fmt::Display for FaultOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_request_and_an_effect() {
        for (text, place, fault) in [
            ("token=503", FaultPlace::Token, InjectedFault::Unavailable(503)),
            ("refresh=lost", FaultPlace::Refresh, InjectedFault::LostAnswer(502)),
            ("page=cut", FaultPlace::Page, InjectedFault::CutShort),
            ("read=slow:2s", FaultPlace::Call, InjectedFault::Slow(2_000)),
            ("call=slow:250ms", FaultPlace::Call, InjectedFault::Slow(250)),
            ("call=limited:3", FaultPlace::Call, InjectedFault::Limited(3)),
            ("look-up=404", FaultPlace::Lookup, InjectedFault::Unavailable(404)),
            ("revoke=limited:3s", FaultPlace::Revoke, InjectedFault::Limited(3)),
        ] {
            let order: FaultOrder = text.parse().unwrap();
            assert_eq!((order.place, order.fault), (place, fault), "{text}");
            assert_eq!(order.to_string(), text);
        }
    }

    #[test]
    fn a_text_that_is_no_fault_gets_the_list_of_those_that_there_are() {
        const EFFECTS: &str = "503 (any status from 400 to 599), lost, cut, slow:2s, limited:3";
        const PLACES: &str = "token, refresh, probe, call (or read), page, look-up, revoke";
        for (text, problem) in [
            ("token", format!("`token` is no fault such as `token=503`: a request is one of {PLACES}; a fault is one of {EFFECTS}")),
            ("tokens=503", format!("there is no request `tokens`: a request is one of {PLACES}")),
            ("=503", format!("there is no request ``: a request is one of {PLACES}")),
            ("token=200", format!("`200` is no fault: a fault is one of {EFFECTS}")),
            ("token=gone", format!("`gone` is no fault: a fault is one of {EFFECTS}")),
            ("token=slow", format!("`slow` is no fault: a fault is one of {EFFECTS}")),
            ("token=slow:2h", "`2h` is no time: write seconds such as `2s`, or milliseconds such as `250ms`, of at most ten minutes".to_owned()),
            ("token=slow:601s", "`601s` is no time: write seconds such as `2s`, or milliseconds such as `250ms`, of at most ten minutes".to_owned()),
            ("token=limited:-1", "`-1` is no time: write seconds such as `2s`, or milliseconds such as `250ms`, of at most ten minutes".to_owned()),
        ] {
            assert_eq!(text.parse::<FaultOrder>().unwrap_err(), problem, "{text}");
        }
    }
}
