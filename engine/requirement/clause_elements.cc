#include "engine/requirement/clause_elements.h"

#include <algorithm>
#include <optional>

namespace dongxi::requirement {
namespace {

constexpr char32_t kListComma = U'、', kOf = U'的';
constexpr size_t kElementMin = 2, kElementMax = 30;
constexpr size_t kListItemMin = 3, kListItemMax = 16;  // of items without a cue of their own
constexpr size_t kPhraseMax = 16;                      // a longer phrase is cut after its first 的
constexpr size_t kEffectMax = 18;                      // of an effect that only its first word tells
constexpr size_t kTitleLead = 6;     // within them a title may say who asks: 园区企业求购……
constexpr size_t kInsideEffect = 9;  // of a clause with 防, 抗, 耐 inside

bool IsBreak(char32_t c) {
  return std::u32string_view(U",。;:!?()\n“”\"「」").find(c) != std::u32string_view::npos;
}

struct Piece {
  size_t begin = 0, end = 0;
  char32_t before = 0, after = 0;  // what it is cut off by; 0 at the ends of the text
};

std::vector<Piece> Cut(std::u32string_view text, const WordFinder& breaks) {
  std::vector<Piece> pieces;
  Piece piece;
  const auto close = [&](size_t end, size_t next, char32_t by) {
    piece.end = end;
    piece.after = by;
    if (piece.end > piece.begin) pieces.push_back(piece);
    piece = {.begin = next, .before = by};
  };
  for (size_t i = 0; i < text.size();) {
    const WordFinder::Hit word = breaks.At(text, i);
    const size_t length = std::max<size_t>(1, word.end - word.begin);
    if (word.end > word.begin || text[i] == kListComma) {
      close(i, i + length, kListComma);
    } else if (IsBreak(text[i])) {
      close(i, i + 1, text[i]);
    }
    i += length;
  }
  close(text.size(), text.size(), 0);
  return pieces;
}

// The rules for one piece of a clause, tried in order; each says whether it has decided.
class PieceReader {
 public:
  PieceReader(std::u32string_view text, const RequirementTables& tables, bool title, bool in_list)
      : text_(text), tables_(tables), title_(title), in_list_(in_list) {}

  // Nothing where no rule decides. `floor`: where the piece begins with its first words (把, 从), which the
  // rule for materials wants to see.
  std::optional<std::vector<FoundElement>> Read(size_t floor, size_t begin, size_t end) {
    floor_ = floor;
    begin_ = begin;
    end_ = end;
    const bool decided = end - begin < kElementMin || TakeMaterial() || TakeProductAhead() ||
                         TakeApplication() || TakeProductInside() || TakePairs() || TakeHead(true) ||
                         TakeEffect() || TakePlace() || TakeHead(false) || TakeEffectInside() ||
                         TakeListItem();
    if (!decided && found_.empty()) return std::nullopt;
    return std::move(found_);
  }

 private:
  size_t At(ElementWord word, size_t at) const {
    if (at >= end_) return 0;
    const WordFinder::Hit hit = tables_.element_words(word).At(text_.substr(0, end_), at);
    return hit.end - hit.begin;
  }
  size_t Ending(ElementWord word, size_t end) const {
    const WordFinder::Hit hit =
        tables_.element_words(word).EndingAt(text_.substr(begin_, end - begin_), end - begin_);
    return hit.end - hit.begin;
  }
  size_t Find(char32_t c, size_t from, size_t to) const {
    const size_t place = text_.substr(0, to).find(c, from);
    return place == std::u32string_view::npos ? to : place;
  }
  bool Put(TextElementKind kind, size_t begin, size_t end) {
    found_.push_back({kind, begin, end});
    return true;
  }
  // The part of a long phrase behind its first 的.
  size_t CutLong(size_t begin, size_t end) const {
    while (end - begin > kPhraseMax) {
      const size_t of = Find(kOf, begin, end - kListItemMin);
      if (of + kListItemMin >= end) break;
      begin = of + 1;
    }
    return begin;
  }

  // 从……富集……, 把……做成……; ……就近消纳.
  bool TakeMaterial() {
    for (size_t i = begin_ + 2; i < end_; ++i) {
      const size_t verb = At(ElementWord::kMaterialVerb, i);
      if (verb == 0) continue;
      const size_t material = AfterFrom(i);
      if (material == 0) break;
      size_t last = i;
      while (last > material && (text_[last - 1] == U'中' || text_[last - 1] == U'里')) --last;
      Put(TextElementKind::kMaterial, material, last);
      if (i + verb < end_) Put(TextElementKind::kProduct, i + verb, ProductEnd(i + verb));
      return true;
    }
    const size_t after = Ending(ElementWord::kMaterialAfter, end_);
    return after > 0 && end_ - after >= begin_ + 2 && Put(TextElementKind::kMaterial, begin_, end_ - after);
  }
  // Where what stands between 从 and the verb at `verb` begins; 0 if there is no 从.
  size_t AfterFrom(size_t verb) const {
    for (size_t j = std::max(floor_, begin_ > 2 ? begin_ - 2 : 0); j < verb; ++j) {
      const size_t from = At(ElementWord::kMaterialFrom, j);
      if (from > 0 && j + from + 2 <= verb) return j + from;
    }
    return 0;
  }
  // 做成高纯氧化镁的技术: before the 的 of a method.
  size_t ProductEnd(size_t begin) const {
    const size_t of = Find(kOf, begin, end_);
    return of > begin && of < end_ && Ending(ElementWord::kMethodHead, end_) > 0 ? of : end_;
  }

  bool TakeProductAhead() {
    const size_t before = At(ElementWord::kProductBefore, begin_);
    if (before == 0 || begin_ + before + kElementMin > end_) return false;
    return Put(TextElementKind::kProduct, begin_ + before, ProductEnd(begin_ + before));
  }

  // 适合……的……, 用于……; ……用的……. What follows the 的 is read by the other rules.
  bool TakeApplication() {
    if (const size_t before = At(ElementWord::kApplicationBefore, begin_); before > 0) {
      const size_t place = begin_ + before, of = Find(kOf, place, end_);
      if (of == end_) return TakePlaceToEnd(place, before);
      if (of >= place + kElementMin) {
        Put(TextElementKind::kApplication, place, of);
        begin_ = of + 1;
        return end_ - std::min(begin_, end_) < kElementMin;
      }
    }
    const size_t used = text_.substr(0, end_).find(U"用的", begin_);
    constexpr std::u32string_view kOtherSense = U"能可会有利适兼好";
    if (used != std::u32string_view::npos && used >= begin_ + 3 &&
        kOtherSense.find(text_[used - 1]) == std::u32string_view::npos) {
      Put(TextElementKind::kApplication, begin_, text_[used - 1] == U'所' ? used - 1 : used);
      begin_ = used + 2;
    }
    return end_ - std::min(begin_, end_) < kElementMin;
  }
  // 在 alone says nothing unless a word for a place follows.
  bool TakePlaceToEnd(size_t place, size_t cue) {
    bool named = cue > 1;
    for (size_t i = place; i < end_ && !named; ++i) named = At(ElementWord::kApplicationAfter, i) > 0;
    if (!named) return true;
    size_t last = place + kElementMin;
    while (last < end_ && At(ElementWord::kApplicationEnd, last) == 0) ++last;
    return Put(TextElementKind::kApplication, place, std::min(last, end_));
  }

  // 煅烧活化做胶凝材料.
  bool TakeProductInside() {
    for (size_t i = begin_ + 2; i + 2 < end_; ++i) {
      size_t verb = At(ElementWord::kProductBefore, i);
      if (verb == 0 && text_[i] == U'做' && Ending(ElementWord::kMethodHead, i) > 0) verb = 1;
      if (verb == 0 || i + verb + kElementMin > end_) continue;
      if (in_list_ || Ending(ElementWord::kMethodHead, i) > 0)
        Put(TextElementKind::kMethod, CutLong(begin_, i), i);
      return Put(TextElementKind::kProduct, i + verb, ProductEnd(i + verb));
    }
    return false;
  }

  // 降氮减磷.
  bool TakePairs() {
    return end_ - begin_ >= 4 && At(ElementWord::kEffectPair, end_ - 4) > 0 &&
           At(ElementWord::kEffectPair, end_ - 2) > 0 && Put(TextElementKind::kEffect, end_ - 4, end_);
  }

  struct Head {
    size_t begin = 0, end = 0;
    TextElementKind kind = TextElementKind::kMethod;
  };
  // Of the words for methods and products the one that ends last, of those the longest.
  Head LastHead() const {
    Head head;
    for (size_t i = begin_; i < end_; ++i) {
      for (const auto& [word, kind] : {std::pair{ElementWord::kMethodHead, TextElementKind::kMethod},
                                       std::pair{ElementWord::kProductHead, TextElementKind::kProduct}}) {
        const size_t end = i + At(word, i);
        if (end > i && end - begin_ >= kListItemMin && end > head.end) head = {i, end, kind};
      }
    }
    return head;
  }
  bool TakeHead(bool at_end) {
    const Head head = LastHead();
    if (head.end == 0 || (at_end && head.end + 1 < end_)) return false;
    if (at_end) SplitOffOtherKind(head);
    return Put(head.kind, CutLong(begin_, head.end), head.end);
  }
  // 低产酒精的酵母或膜法脱醇: a product and a method.
  void SplitOffOtherKind(const Head& head) {
    const auto other = head.kind == TextElementKind::kMethod
                           ? std::pair{ElementWord::kProductHead, TextElementKind::kProduct}
                           : std::pair{ElementWord::kMethodHead, TextElementKind::kMethod};
    const ElementWord same =
        head.kind == TextElementKind::kMethod ? ElementWord::kMethodHead : ElementWord::kProductHead;
    for (size_t i = begin_ + 3; i < head.begin; ++i) {
      if (At(ElementWord::kJoin, i) == 0 || Ending(other.first, i) == 0 || Ending(same, i) > 0) continue;
      Put(other.second, CutLong(begin_, i), i);
      begin_ = i + 1;
    }
  }

  bool TakeEffect() {
    const size_t before = At(ElementWord::kEffectBefore, begin_);
    if (before > 0 && end_ > begin_ + before)
      return Put(TextElementKind::kEffect, begin_, std::min(end_, begin_ + kEffectMax));
    const size_t length = end_ - begin_;
    return !title_ && length >= kListItemMin && length <= kListItemMax &&
           Ending(ElementWord::kEffectAfter, end_) > 0 && Put(TextElementKind::kEffect, begin_, end_);
  }

  bool TakePlace() {
    const size_t after = Ending(ElementWord::kApplicationAfter, end_);
    return title_ && after > 0 && end_ - begin_ > after && Put(TextElementKind::kApplication, begin_, end_);
  }

  // 滴灌带防堵塞; ……，减少滤泥.
  bool TakeEffectInside() {
    for (size_t i = begin_ + 2; end_ - begin_ <= kInsideEffect && i + 2 < end_; ++i) {
      if (At(ElementWord::kEffectInside, i) > 0) return Put(TextElementKind::kEffect, begin_, end_);
    }
    for (size_t i = begin_ + 1; i + 3 < end_; ++i) {
      if (At(ElementWord::kEffectBefore, i) >= 2) return Put(TextElementKind::kEffect, i, end_);
    }
    return false;
  }

  bool TakeListItem() {
    const size_t length = end_ - begin_;
    return in_list_ && length >= kListItemMin && length <= kListItemMax &&
           Put(TextElementKind::kMethod, begin_, end_);
  }

  const std::u32string_view text_;
  const RequirementTables& tables_;
  const bool title_, in_list_;
  size_t floor_ = 0, begin_ = 0, end_ = 0;
  std::vector<FoundElement> found_;
};

// Goes through a text piece by piece and keeps what a piece means for those after it.
class ClauseWalker {
 public:
  ClauseWalker(std::u32string_view text, const ClauseOptions& options, const RequirementTables& tables)
      : text_(text), options_(options), tables_(tables) {}

  std::vector<FoundElement> Walk() {
    for (const Piece& piece : Cut(text_, tables_.element_words(ElementWord::kBreak))) {
      if (piece.before != kListComma) {
        pending_.clear();
        skipping_ = asked_ = false;
        in_list_ = piece.before == U':' && !found_.empty();
      }
      if (!skipping_) ReadPiece(piece);
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const FoundElement& a, const FoundElement& b) { return a.begin < b.begin; });
    return std::move(found_);
  }

 private:
  size_t At(ElementWord word, size_t at, size_t end) const {
    const WordFinder::Hit hit = tables_.element_words(word).At(text_.substr(0, end), at);
    return hit.end - hit.begin;
  }

  void ReadPiece(const Piece& piece) {
    size_t begin = options_.title ? AfterTitleLead(piece) : piece.begin;
    const bool asked = Strip(piece, begin);
    asked_ = asked_ || asked;
    if (skipping_ || (options_.demands_only && !asked_)) return;
    std::optional<std::vector<FoundElement>> read =
        PieceReader(text_, tables_, options_.title, in_list_).Read(piece.begin, begin, piece.end);
    const size_t length = piece.end - begin;
    const bool headline = asked && piece.after == U':' && length >= kListItemMin && length <= kListItemMax;
    if (!read && headline) read.emplace({FoundElement{TextElementKind::kMethod, begin, piece.end}});
    if (!read) {
      pending_.emplace_back(begin, piece.end);
      return;
    }
    for (const FoundElement& one : *read) Keep(one);
    if (!read->empty()) NamePending(read->back().kind, begin, piece.end);
  }

  // 采收成熟度判定、田头预冷、贮运保鲜规程: what stands before in the list is of the same kind, unless this
  // one has a 的, for then it stands before as an attribute.
  void NamePending(TextElementKind kind, size_t begin, size_t end) {
    const bool things = kind == TextElementKind::kMethod || kind == TextElementKind::kProduct;
    if (!things || text_.substr(begin, end - begin).find(kOf) != std::u32string_view::npos) return;
    for (const auto& [from, to] : pending_) {
      if (to - from >= kListItemMin && to - from <= kListItemMax) Keep({kind, from, to});
    }
    pending_.clear();
  }

  size_t AfterTitleLead(const Piece& piece) const {
    size_t begin = piece.begin;
    for (size_t i = piece.begin; i < std::min(piece.begin + kTitleLead + 1, piece.end); ++i) {
      const size_t length = At(ElementWord::kDemand, i, piece.end);
      if (length >= 2 && i + length < piece.end) begin = i + length;
    }
    return begin;
  }

  // Passes over the words of asking and the empty words at the piece's beginning; says whether it asks.
  bool Strip(const Piece& piece, size_t& begin) {
    bool asked = false;
    if (At(ElementWord::kSkip, begin, piece.end) > 0) skipping_ = true;
    while (!skipping_ && begin < piece.end) {
      if (const size_t n = At(ElementWord::kDemand, begin, piece.end); n > 0 && begin + n < piece.end) {
        asked = true;
        begin += n;
        if (piece.before != U':') in_list_ = false;
      } else if (At(ElementWord::kSkip, begin, piece.end) > 0) {
        skipping_ = true;
      } else if (const size_t list = At(ElementWord::kList, begin, piece.end);
                 list > 0 && begin + list < piece.end) {
        in_list_ = true;
        begin += list;
      } else if (const size_t lead = At(ElementWord::kLead, begin, piece.end);
                 lead > 0 && begin + lead + 1 < piece.end) {
        begin += lead;
      } else {
        break;
      }
    }
    return asked;
  }

  // 设备和方案: nothing but words that say nothing alone.
  bool IsGeneric(const FoundElement& one) const {
    for (size_t at = one.begin; at < one.end;) {
      const size_t length =
          std::max(At(ElementWord::kGeneric, at, one.end), At(ElementWord::kJoin, at, one.end));
      if (length == 0) return false;
      at += length;
    }
    return true;
  }

  bool IsTrimmed(size_t at) const { return At(ElementWord::kTrim, at, at + 1) > 0; }

  void Keep(FoundElement one) {
    while (one.begin < one.end && IsTrimmed(one.begin)) ++one.begin;
    while (one.end > one.begin && IsTrimmed(one.end - 1)) --one.end;
    const size_t length = one.end - one.begin;
    if (length < kElementMin || length > kElementMax) return;
    if (IsGeneric(one)) return;
    const bool known = std::any_of(found_.begin(), found_.end(), [&](const FoundElement& other) {
      return other.kind == one.kind && one.begin < other.end && other.begin < one.end;
    });
    if (!known) found_.push_back(one);
  }

  const std::u32string_view text_;
  const ClauseOptions& options_;
  const RequirementTables& tables_;
  std::vector<std::pair<size_t, size_t>> pending_;           // pieces of this clause that no rule decided
  bool skipping_ = false, asked_ = false, in_list_ = false;  // of this clause
  std::vector<FoundElement> found_;
};

}  // namespace

std::vector<FoundElement> FindElements(std::u32string_view text, const ClauseOptions& options,
                                       const RequirementTables& tables) {
  return ClauseWalker(text, options, tables).Walk();
}

}  // namespace dongxi::requirement
