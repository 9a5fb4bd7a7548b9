// The C tables of a plugin, made from its C++ classes.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "orchestrator/attempt.hpp"

namespace orchestrator::detail {

template <class Action, class = void>
struct HasRun : std::false_type {};
template <class Action>
struct HasRun<Action, std::void_t<decltype(std::declval<Action&>().Run(std::declval<Attempt&>(), std::declval<const Request&>()))>>
    : std::true_type {};

template <class Action, class = void>
struct HasCancel : std::false_type {};
template <class Action>
struct HasCancel<Action, std::void_t<decltype(std::declval<Action&>().Cancel(orc_attempt{}))>> : std::true_type {};

template <class Action, class = void>
struct HasCheckHealth : std::false_type {};
template <class Action>
struct HasCheckHealth<Action, std::void_t<decltype(std::declval<Action&>().CheckHealth())>> : std::true_type {};

inline void WriteTo(const orc_sink* sink, std::string_view text) noexcept {
  if (sink != nullptr && sink->write != nullptr) sink->write(sink->context, Text(text));
}

template <class Action>
struct Entry {
  struct Instance {
    const orc_host* host;
    Action action;
    Instance(const orc_host* h, std::string_view config) : host(h), action(Host(h), config) {}
  };

  static void* Create(const orc_host* host, orc_text config, const orc_sink* error) noexcept {
    try {
      return new Instance(host, View(config));
    } catch (const std::exception& e) {
      WriteTo(error, e.what());
    } catch (...) {
      WriteTo(error, "the constructor threw something that is not a std::exception");
    }
    return nullptr;
  }
  static void Destroy(void* instance) noexcept {
    try {
      delete static_cast<Instance*>(instance);
    } catch (...) {  // nobody is left to tell
    }
  }
  static void Start(void* instance, orc_attempt id, const orc_request* request) noexcept {
    auto* self = static_cast<Instance*>(instance);
    Guarded(self->host, id, [&] {
      Attempt attempt(self->host, id);
      if constexpr (HasRun<Action>::value) {
        attempt.Complete(self->action.Run(attempt, ToRequest(*request)));
      } else {
        self->action.Start(std::move(attempt), ToRequest(*request));
      }
    });
  }
  static void Cancel(void* instance, orc_attempt id) noexcept {
    auto* self = static_cast<Instance*>(instance);
    if constexpr (HasCancel<Action>::value) Guarded(self->host, id, [&] { self->action.Cancel(id); });
    (void)self;
  }
  static int32_t CheckHealth(void* instance, const orc_sink* report) noexcept {
    try {
      if constexpr (HasCheckHealth<Action>::value) {
        const std::string trouble = static_cast<Instance*>(instance)->action.CheckHealth();
        if (trouble.empty()) return 0;
        WriteTo(report, trouble);
        return 1;
      }
      return 0;
    } catch (const std::exception& e) {
      WriteTo(report, e.what());
    } catch (...) {
      WriteTo(report, "the health check threw something that is not a std::exception");
    }
    return 1;
  }

  static const orc_action* Describe() {
    static const orc_action action = [] {
      orc_action a{};
      a.struct_size = sizeof a;
      a.flags = Action::kInfo.flags | (HasRun<Action>::value ? unsigned{ORC_ACTION_BLOCKING} : 0u);
      a.name = Text(Action::kInfo.name);
      a.version = Text(Action::kInfo.version);
      a.summary = Text(Action::kInfo.summary);
      a.config_schema = Text(Action::kInfo.config_schema);
      a.input_schema = Text(Action::kInfo.input_schema);
      a.output_schema = Text(Action::kInfo.output_schema);
      a.create = &Create;
      a.destroy = &Destroy;
      a.start = &Start;
      a.cancel = HasCancel<Action>::value ? &Cancel : nullptr;
      a.check_health = HasCheckHealth<Action>::value ? &CheckHealth : nullptr;
      return a;
    }();
    return &action;
  }
};

template <class... Actions>
const orc_plugin* DescribePlugin(std::string_view name, std::string_view version, std::string_view licence, std::string_view summary) {
  static const orc_action* const actions[] = {Entry<Actions>::Describe()...};
  static const orc_plugin plugin{sizeof(orc_plugin), ORC_ABI_MAJOR, ORC_ABI_MINOR, Text(name),        Text(version),
                                 Text(licence),      Text(summary), actions,       sizeof...(Actions)};
  return &plugin;
}

}  // namespace orchestrator::detail
