// From a number with its words to the value of an indicator: unit, dimension and bounds. Private to
// engine/requirement. Pure functions; any thread. They are called in the order of this file: each reads what
// the one before has written.
#pragma once

#include "engine/requirement/after_number.h"
#include "engine/requirement/comparison_words.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/quantity_name.h"
#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// Where the unit tells what the name does not: -40℃稳定工作 is the temperature of the environment, 312例 a
// sample, 能耗 in kWh electricity. Writes the name's quantity, and which values of it serve.
void NameByUnit(const QuantityToken& token, QuantityName& name);

// Writes dimension, unit, factor, offset and `points`; what is a difference of temperatures by its name
// (温差, 控温精度) has no offset. The denominators of 每米 and of the name (亩产) divide it (DivideBy).
void SetUnit(const QuantityToken& token, const BeforeNumber& before, const RequirementTables& tables,
             Indicator& indicator);

// Divides dimension and factor by so many base units of `per`, unless the unit has them already; shares,
// differences of them, temperatures, and times per piece stay as they are.
void DivideBy(const Dimension& per, double size, Indicator& indicator);

// Writes the bounds with their flags, tolerance, `change`, `covers` and `negated`; a difference loses the
// offset of ℃. A need without words of comparison gets the bound that serves its quantity (ParseIndicators).
// REQUIRES: SetUnit was called.
void SetRange(const QuantityToken& token, const BeforeNumber& before, const AfterNumber& after, Side side,
              Indicator& indicator);

}  // namespace dongxi::requirement
