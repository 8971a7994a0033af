// Statistics as flat tables: sheets of XLSX and CSV. Pure functions; any thread.
#pragma once

#include <vector>

#include "dongxi/v1/statistics.pb.h"
#include "report/tables.h"

namespace dongxi::cli {

// 总体, one sheet a dimension, 步骤用时, 步骤转化, 拒绝原因, 无活动任务, 未服务地区, and 明细 where the
// statistics hold engagement ids: one row an engagement with the figures it is counted in and its group in
// every dimension.
std::vector<report::Table> StatisticsTables(const v1::Statistics& statistics);

// All groups of all dimensions under each other, for CSV.
report::Table StatisticsTable(const v1::Statistics& statistics);

}  // namespace dongxi::cli
