// A custom op, as a user would write one: what a server has not, unless its library is loaded there, too.
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace tf = tensorflow;

REGISTER_OP("MltspecHalve").Input("x: float").Output("y: float").SetShapeFn(tf::shape_inference::UnchangedShape);

class HalveOp : public tf::OpKernel {
 public:
  explicit HalveOp(tf::OpKernelConstruction* context) : OpKernel(context) {}
  void Compute(tf::OpKernelContext* context) override {
    const tf::Tensor& x = context->input(0);
    tf::Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &y));
    for (int at = 0; at < x.NumElements(); ++at) y->flat<float>()(at) = x.flat<float>()(at) / 2;
  }
};
REGISTER_KERNEL_BUILDER(Name("MltspecHalve").Device(tf::DEVICE_CPU), HalveOp);
