#include "engine/plan/flow.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#pragma GCC diagnostic pop

namespace dongxi::plan {

std::vector<int64_t> GreatestCirculation(int nodes, const std::vector<FlowArc>& arcs) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  graph.reserveNode(nodes);
  graph.reserveArc(static_cast<int>(arcs.size()));
  for (int i = 0; i < nodes; ++i) graph.addNode();
  Graph::ArcMap<int64_t> capacity(graph), cost(graph);
  for (const FlowArc& arc : arcs) {
    const Graph::Arc made = graph.addArc(Graph::nodeFromId(arc.from), Graph::nodeFromId(arc.to));
    capacity[made] = arc.capacity;
    cost[made] = -arc.gain;
  }
  using Simplex = lemon::NetworkSimplex<Graph, int64_t, int64_t>;
  Simplex simplex(graph);
  simplex.upperMap(capacity).costMap(cost);
  std::vector<int64_t> flow(arcs.size(), 0);
  if (simplex.run() != Simplex::OPTIMAL) return flow;
  for (size_t i = 0; i < arcs.size(); ++i) flow[i] = simplex.flow(Graph::arcFromId(static_cast<int>(i)));
  return flow;
}

}  // namespace dongxi::plan
