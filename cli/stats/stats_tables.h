// Statistics as flat tables: sheets of XLSX and CSV. Pure functions; any thread.
#pragma once

#include <vector>

#include "dongxi/v1/statistics.pb.h"
#include "report/tables.h"

namespace dongxi::cli {

// 总体, one sheet a dimension, 步骤用时, 步骤转化, 拒绝原因 (each of the whole and of every group),
// 无活动任务, 未服务地区, and 明细 where the statistics hold engagement ids: one row an engagement with the
// figures, conversions and durations it is counted in, the figures of the earlier period apart, whether it is
// simulated, and its group in every dimension; a conversion that it reached in another group than its own
// says which. Marked where simulated entries are counted.
std::vector<report::Table> StatisticsTables(const v1::Statistics& statistics);

// Puts a row 含模拟数据 above all others of each table.
void MarkSimulated(std::vector<report::Table>* tables);

// All groups of all dimensions under each other with all that is counted of them, for CSV.
report::Table StatisticsTable(const v1::Statistics& statistics);

}  // namespace dongxi::cli
