#include "api/server.h"

#include <thread>

#include "api/context.h"
#include "api/dispatcher.h"
#include "api/handlers.h"
#include "api/reactor.h"
#include "base/thread_name.h"

namespace orc {
namespace {

class ReactorServer final : public Server, private RequestSink {
 public:
  ReactorServer(const Options& options, const ApiParts& parts, std::unique_ptr<Acceptor> acceptor)
      : context_(std::make_shared<Context>(options, parts)),
        acceptor_(std::move(acceptor)),
        port_(acceptor_->port()),
        reactor_(context_->options, parts.clock, *acceptor_, context_->mailbox, *this, context_->streams),
        listener_(parts.notifier.Subscribe([context = context_.get()](const std::vector<RunNews>& news) {
          context->waits.OnNews(news);
          context->streams.OnNews(news);
        })),
        thread_([this] {
          NameThisThread("orc-reactor");
          reactor_.Run();
        }) {}

  ~ReactorServer() override { Stop(0); }

  uint16_t port() const override { return port_; }
  void SetReady(bool ready) override { context_->is_ready = ready; }

  void Stop(int64_t deadline_us) override {
    if (!thread_.joinable()) return;
    context_->is_ready = false;
    context_->mailbox->Post(StopMail{deadline_us});
    thread_.join();
    context_->parts.notifier.Unsubscribe(listener_);
    context_->workers.Stop();
    context_->waits.Clear();
  }

 private:
  const Response* QuickAnswer(const Request& request) override { return orc::QuickAnswer(request); }
  bool Take(CompletionPtr completion) override {
    return context_->workers.Submit([context = context_, completion = std::move(completion)] { Dispatch(context, completion); });
  }
  void RunLater(std::function<void()> job) override { context_->workers.SubmitFollowUp(std::move(job)); }

  const ContextPtr context_;
  const std::unique_ptr<Acceptor> acceptor_;
  const uint16_t port_;
  Reactor reactor_;
  const uint64_t listener_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Listen(const Options& options, const ApiParts& parts) {
  Result<std::unique_ptr<Acceptor>> acceptor = Acceptor::Listen(options.host, options.port);
  if (!acceptor.ok()) return std::move(acceptor).error();
  return std::unique_ptr<Server>(std::make_unique<ReactorServer>(options, parts, std::move(acceptor).value()));
}

}  // namespace orc
