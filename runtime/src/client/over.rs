//! The words of a link, a sign-in or a choice that is over.
//!
//! These speak to the program's author and to the operator, who can make another link. A server's pages have other
//! words for customers, and tell by these which are meant.

/// Of a token that is no session's, or of one that is used up or too old.
pub const SESSION_OVER: &str = "this session is unknown, used already, or older than 30 minutes: make a new one";
/// Of a link whose connection was made meanwhile.
pub const LINK_USED: &str = "this link was used already: make a new one";
/// Of a link whose every opening began a flow, and none came to an end.
pub const LINK_WORN: &str = "this link was opened too often without a connection: make a new one";
/// Of a callback whose state is no flow's.
pub const FLOW_OVER: &str = "this state is unknown, used already, or older than an hour: start again";
/// Of a callback without the cookie of its flow.
pub const FLOW_ELSEWHERE: &str = "this flow was started in another browser: start again";
/// Of a choice that cannot be made any more.
pub const CHOICE_OVER: &str = "this choice is unknown, made already, or older than 15 minutes: connect again";
