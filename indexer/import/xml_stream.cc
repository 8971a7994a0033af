#include "indexer/import/xml_stream.h"

#include <expat.h>

#include <string>

#include "indexer/import/complaint.h"

namespace dongxi {

struct XmlStream::State {
  explicit State(XmlHandler& xml_handler) : handler(xml_handler), parser(XML_ParserCreate(nullptr)) {}
  ~State() { XML_ParserFree(parser); }

  void Stop(absl::Status error) {
    if (status.ok()) status = std::move(error);
    XML_StopParser(parser, XML_FALSE);
  }

  XmlHandler& handler;
  XML_Parser parser;
  absl::Status status;
};

namespace {

std::string_view LocalName(std::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Events may still arrive after XML_StopParser: none is passed on.
void OnStart(void* user, const char* name, const char** attributes) {
  auto& state = *static_cast<XmlStream::State*>(user);
  if (!state.status.ok()) return;
  if (absl::Status status = state.handler.Start(LocalName(name), XmlAttributes(attributes)); !status.ok()) {
    state.Stop(std::move(status));
  }
}

void OnEnd(void* user, const char* name) {
  auto& state = *static_cast<XmlStream::State*>(user);
  if (!state.status.ok()) return;
  if (absl::Status status = state.handler.End(LocalName(name)); !status.ok()) state.Stop(std::move(status));
}

void OnText(void* user, const char* text, int size) {
  auto& state = *static_cast<XmlStream::State*>(user);
  if (state.status.ok()) state.handler.Text({text, static_cast<size_t>(size)});
}

void OnDoctype(void* user, const char* /*name*/, const char* /*system*/, const char* /*public_id*/,
               int /*internal*/) {
  static_cast<XmlStream::State*>(user)->Stop(ToStatus(
      {"XML 带有 DTD（实体定义）", "Excel 或 WPS 生成的 .xlsx 文件", "用 Excel 或 WPS 打开，另存为 .xlsx"}));
}

}  // namespace

std::string_view XmlAttributes::Get(std::string_view local_name) const {
  for (const char** pair = pairs_; pair[0] != nullptr; pair += 2) {
    if (LocalName(pair[0]) == local_name) return pair[1];
  }
  return "";
}

XmlStream::XmlStream(XmlHandler& handler) : state_(std::make_unique<State>(handler)) {
  XML_SetUserData(state_->parser, state_.get());
  XML_SetElementHandler(state_->parser, &OnStart, &OnEnd);
  XML_SetCharacterDataHandler(state_->parser, &OnText);
  XML_SetStartDoctypeDeclHandler(state_->parser, &OnDoctype);
}

XmlStream::~XmlStream() = default;

absl::Status XmlStream::Parse(std::string_view bytes, bool is_last) {
  if (!state_->status.ok()) return state_->status;
  if (XML_Parse(state_->parser, bytes.data(), static_cast<int>(bytes.size()), is_last) == XML_STATUS_OK) {
    return state_->status;
  }
  if (state_->status.ok()) {
    state_->status = ToStatus(
        {std::string("XML 不完整或有错（") + XML_ErrorString(XML_GetErrorCode(state_->parser)) + "）",
         "完好的 .xlsx 文件", "用 Excel 或 WPS 打开，另存为 .xlsx"});
  }
  return state_->status;
}

absl::Status XmlStream::Feed(std::string_view bytes) { return Parse(bytes, false); }
absl::Status XmlStream::Finish() { return Parse({}, true); }

}  // namespace dongxi
