//! The bytes of a body, where its type is one that holds them.

use crate::transport::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Full};
use std::any::Any;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The whole body of a request; `None` for one that may be a stream. Asked at run time, so that requests with the body
/// type of any library can be authorized: most providers sign no body.
pub(super) fn bytes<B: 'static>(body: &B) -> Option<Bytes> {
    let body: &dyn Any = body;
    macro_rules! held {
        ($($type:ty => $read:expr,)*) => {
            $(if let Some(body) = body.downcast_ref::<$type>() {
                let read: fn(&$type) -> Option<Bytes> = $read;
                return read(body);
            })*
        };
    }
    held! {
        () => |()| Some(Bytes::new()),
        Bytes => |bytes| Some(bytes.clone()),
        Vec<u8> => |bytes| Some(Bytes::copy_from_slice(bytes)),
        String => |text| Some(Bytes::copy_from_slice(text.as_bytes())),
        &'static str => |text| Some(Bytes::from_static(text.as_bytes())),
        &'static [u8] => |bytes| Some(Bytes::from_static(bytes)),
        Full<Bytes> => |body| whole(body.clone()),
        Empty<Bytes> => |_| Some(Bytes::new()),
        Body => |body| body.in_memory().cloned(),
    }
    None
}

/// The bytes that a body in memory gives at once.
fn whole(body: Full<Bytes>) -> Option<Bytes> {
    match pin!(body.collect()).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(whole)) => Some(whole.to_bytes()),
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_known_of_bodies_that_hold_them() {
        assert_eq!(bytes(&()), Some(Bytes::new()));
        assert_eq!(bytes(&Empty::<Bytes>::new()), Some(Bytes::new()));
        for found in [
            bytes(&Bytes::from("ab")),
            bytes(&b"ab".to_vec()),
            bytes(&"ab".to_owned()),
            bytes(&"ab"),
            bytes(&&b"ab"[..]),
            bytes(&Full::new(Bytes::from("ab"))),
            bytes(&Body::full("ab")),
        ] {
            assert_eq!(found.as_deref(), Some(&b"ab"[..]));
        }
        assert_eq!(bytes(&Body::stream(Body::full("ab"))), None);
        assert_eq!(bytes(&Full::new(Bytes::from("ab")).boxed()), None);
    }
}
