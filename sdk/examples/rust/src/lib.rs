//! A plugin in Rust, over the C ABI and nothing else: the action `text.count` counts the bytes of its input document.

mod abi;

use abi::{Action, Host, Outcome, Plugin, Request, Sink, Text};
use core::ffi::c_void;
use core::mem::size_of;

struct Count {
    host: *const Host,
}

unsafe extern "C" fn create(host: *const Host, _config: Text, _error: *const Sink) -> *mut c_void {
    Box::into_raw(Box::new(Count { host })).cast()
}

unsafe extern "C" fn destroy(instance: *mut c_void) {
    drop(Box::from_raw(instance.cast::<Count>()));
}

unsafe extern "C" fn start(instance: *mut c_void, attempt: u64, request: *const Request) {
    let host = &*(*instance.cast::<Count>()).host;
    let output = format!("{{\"bytes\":{}}}", (*request).input.as_bytes().len());
    let result = Outcome {
        struct_size: size_of::<Outcome>(),
        outcome: abi::SUCCEEDED,
        http_code: 0,
        retry_after_ms: -1,
        output: Text::borrowed(&output),
        error_code: Text::EMPTY,
        error_message: Text::EMPTY,
        error_detail: Text::EMPTY,
        response_headers: Text::EMPTY,
    };
    (host.complete)(host.context, attempt, &result);
}

static ACTION: Action = Action {
    struct_size: size_of::<Action>(),
    flags: abi::IDEMPOTENT | abi::PURE,
    reserved: 0,
    name: Text::of("text.count"),
    version: Text::of("1.0.0"),
    summary: Text::of("Counts the bytes of its input."),
    config_schema: Text::of(r#"{"type": "object"}"#),
    input_schema: Text::EMPTY,
    output_schema: Text::of(r#"{"type": "object", "required": ["bytes"], "properties": {"bytes": {"type": "integer"}}}"#),
    create,
    destroy,
    start,
    cancel: None,
    check_health: None,
};

struct Table([*const Action; 1]);
unsafe impl Sync for Table {}
static ACTIONS: Table = Table([&ACTION]);

static PLUGIN: Plugin = Plugin {
    struct_size: size_of::<Plugin>(),
    abi_major: 1,
    abi_minor: 0,
    name: Text::of("count"),
    version: Text::of("1.0.0"),
    licence: Text::of("Apache-2.0"),
    summary: Text::of("In Rust."),
    actions: &ACTIONS.0 as *const *const Action,
    action_count: 1,
};

#[no_mangle]
pub extern "C" fn orchestrator_plugin_v1() -> *const Plugin {
    &PLUGIN
}
