// The API of this tree against the last release's, and the check itself against edits that break and that do
// not.
#include "tests/proto/breaking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "google/protobuf/text_format.h"

namespace dongxi {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FileDescriptorSet SetOf(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  FileDescriptorSet set;
  EXPECT_TRUE(stream.good() && set.ParseFromString(bytes.str())) << file;
  return set;
}

TEST(BreakingTest, TheApiOfTheLastReleaseIsStillThere) {
  const FileDescriptorSet released = SetOf("tests/fixtures/api-v1.binpb");
  ASSERT_GE(released.file_size(), 5);
  EXPECT_THAT(BreaksBetween(released, SetOf(DONGXI_API_DESCRIPTORS)), IsEmpty())
      << "programs built against the last release would break: keep the old name, number and type, and add a "
         "new one";
}

// What was added since must be renewed into the fixture (./run api-release), or nothing would guard it.
TEST(BreakingTest, EveryServiceAndMethodIsUnderTheCheck) {
  std::set<std::string> released;
  const auto each_method = [](const FileDescriptorSet& set, const std::function<void(std::string)>& visit) {
    for (const FileDescriptorProto& file : set.file()) {
      for (const auto& service : file.service()) {
        for (const auto& method : service.method())
          visit(file.package() + "." + service.name() + "." + method.name());
      }
    }
  };
  each_method(SetOf("tests/fixtures/api-v1.binpb"), [&](std::string name) { released.insert(name); });
  each_method(SetOf(DONGXI_API_DESCRIPTORS), [&](std::string name) {
    EXPECT_TRUE(released.contains(name))
        << name << " is not in tests/fixtures/api-v1.binpb: ./run api-release";
  });
  EXPECT_GE(released.size(), 100u);
}

constexpr char kApi[] = R"(
  name: "a.proto" package: "dongxi.v1" syntax: "proto3"
  message_type { name: "Need"
    field { name: "name" json_name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "page_size" json_name: "pageSize" number: 2 type: TYPE_INT32 label: LABEL_OPTIONAL }
    field { name: "text" json_name: "text" number: 3 type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 }
    oneof_decl { name: "query" }
    reserved_range { start: 7 end: 8 }
    nested_type { name: "Inner" field { name: "a" json_name: "a" number: 1 type: TYPE_BOOL label: LABEL_OPTIONAL } } }
  enum_type { name: "Kind" value { name: "KIND_UNSPECIFIED" number: 0 } value { name: "RESULT" number: 1 } }
  service { name: "S" method { name: "Match" input_type: ".dongxi.v1.Need" output_type: ".dongxi.v1.Need" } })";

FileDescriptorSet Api() {
  FileDescriptorSet set;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kApi, set.add_file()));
  return set;
}

struct EditCase {
  const char* name;
  std::function<void(FileDescriptorProto&)> edit;
  const char* found;  // part of the one break; null: none
};

DescriptorProto& Need(FileDescriptorProto& file) { return *file.mutable_message_type(0); }
FieldDescriptorProto& Field(FileDescriptorProto& file, int i) { return *Need(file).mutable_field(i); }

const EditCase kEdits[] = {
    {"Nothing", [](auto&) {}, nullptr},
    {"NewField", [](auto& f) { Need(f).add_field()->set_number(9); }, nullptr},
    {"NewMessage", [](auto& f) { f.add_message_type()->set_name("Other"); }, nullptr},
    {"NewMethod", [](auto& f) { f.mutable_service(0)->add_method()->set_name("Search"); }, nullptr},
    {"NewEnumValue", [](auto& f) { f.mutable_enum_type(0)->add_value()->set_name("NEW"); }, nullptr},
    {"FieldsInOtherOrder", [](auto& f) { Need(f).mutable_field()->SwapElements(0, 1); }, nullptr},
    {"OtherFile", [](auto& f) { f.set_name("b.proto"); }, nullptr},
    {"FieldRemoved", [](auto& f) { Need(f).mutable_field()->DeleteSubrange(1, 1); },
     "page_size: number 2 is gone"},
    {"FieldRenamed", [](auto& f) { Field(f, 1).set_name("size"); }, "name was page_size, is size"},
    {"JsonNameChanged", [](auto& f) { Field(f, 1).set_json_name("size"); }, "JSON name was pageSize"},
    {"NumberChanged", [](auto& f) { Field(f, 1).set_number(9); }, "number 2 is gone"},
    {"TypeChanged", [](auto& f) { Field(f, 1).set_type(FieldDescriptorProto::TYPE_INT64); },
     "type was TYPE_INT32"},
    {"MadeRepeated", [](auto& f) { Field(f, 1).set_label(FieldDescriptorProto::LABEL_REPEATED); },
     "is repeated"},
    {"OutOfTheOneof", [](auto& f) { Field(f, 2).clear_oneof_index(); }, "oneof was query, is none"},
    {"IntoTheOneof", [](auto& f) { Field(f, 1).set_oneof_index(0); }, "oneof was none, is query"},
    {"MadeOptional", [](auto& f) { Field(f, 1).set_proto3_optional(true); }, "presence was false"},
    {"ReservedNumberUsed", [](auto& f) { Need(f).add_field()->set_number(7); }, "number 7 was reserved"},
    {"MessageRenamed", [](auto& f) { Need(f).mutable_nested_type(0)->set_name("Other"); },
     "dongxi.v1.Need.Inner: is gone"},
    {"EnumValueRemoved", [](auto& f) { f.mutable_enum_type(0)->mutable_value()->RemoveLast(); },
     "Kind.RESULT: is gone"},
    {"EnumNumberChanged", [](auto& f) { f.mutable_enum_type(0)->mutable_value(1)->set_number(2); },
     "number was 1, is 2"},
    {"EnumRemoved", [](auto& f) { f.clear_enum_type(); }, "dongxi.v1.Kind: is gone"},
    {"MethodRenamed", [](auto& f) { f.mutable_service(0)->mutable_method(0)->set_name("M"); },
     "S.Match: is gone"},
    {"RequestChanged",
     [](auto& f) { f.mutable_service(0)->mutable_method(0)->set_input_type(".dongxi.v1.Need.Inner"); },
     "request was"},
    {"MadeAStream", [](auto& f) { f.mutable_service(0)->mutable_method(0)->set_server_streaming(true); },
     "stream of responses was false"},
    {"ServiceRemoved", [](auto& f) { f.clear_service(); }, "dongxi.v1.S: is gone"},
};

TEST(BreakingTest, EachEdit) {
  for (const EditCase& c : kEdits) {
    SCOPED_TRACE(c.name);
    FileDescriptorSet edited = Api();
    c.edit(*edited.mutable_file(0));
    const std::vector<std::string> breaks = BreaksBetween(Api(), edited);
    if (c.found == nullptr) {
      EXPECT_THAT(breaks, IsEmpty());
    } else {
      EXPECT_THAT(breaks, ElementsAre(HasSubstr(c.found)));
    }
  }
}

TEST(BreakingTest, StorageIsNotTheApi) {
  FileDescriptorSet stored = Api();
  stored.mutable_file(0)->set_package("dongxi.storage");
  EXPECT_THAT(BreaksBetween(stored, FileDescriptorSet()), IsEmpty());
}

}  // namespace
}  // namespace dongxi
